import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the image's AOT cache: runs the image once, has it do what it will do, and lets the JVM write down what it
/// loaded and linked. A start with the cache takes about half the time.
class Train {
    // No profiles of methods: with them the JVM compiles at the start what it compiled here, and on few cores whoever
    // waits for the first answer waits for that too.
    private static final String OPTIONS =
            "-Xlog:aot=error -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput=";
    private static final int ROUNDS = 300;
    private static final int PATIENCE_SECONDS = 60;

    public static void main(String[] arguments) throws Exception {
        Path image = Path.of(arguments[0]);
        Path cache = image.resolve("lib/perennial.aot");
        Path data = Files.createTempDirectory("perennial-train");
        ProcessBuilder builder = new ProcessBuilder(
                image.resolve("bin/perennial").toString(),
                "serve",
                "--port", "0",
                "--data-dir", data.resolve("data").toString(),
                "--registry", data.resolve("servers.json").toString());
        builder.environment().put("PERENNIAL_JAVA_OPTS", OPTIONS + cache);
        builder.redirectErrorStream(true);
        Process server = builder.start();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            String said = "";
            String ready = lines.readLine();
            while (ready != null && !ready.contains(" listening on ")) {
                said += ready + "\n";
                ready = lines.readLine();
            }
            if (ready == null) {
                throw new IOException("the image didn't start: " + said);
            }
            exercise(URI.create(ready.substring(ready.indexOf("http"))));
            // Unlike Process.destroy, this leaves the output open.
            server.toHandle().destroy();
            while (lines.readLine() != null) {
                // What the JVM says of its work; taken, so that it never waits for us.
            }
            if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(cache)) {
                throw new IOException("the image wrote no AOT cache, and ended with " + server.exitValue());
            }
        } finally {
            server.destroyForcibly();
            try (var files = Files.walk(data)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void exercise(URI url) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        URI events = url.resolve("/stream/events?sessionId=train");
        URI stream = url.resolve("/v1/stream/train");
        send(client, to(stream).PUT(BodyPublishers.noBody()));
        for (int i = 0; i < ROUNDS; i++) {
            for (URI log : List.of(events, stream)) {
                send(client, to(log).POST(BodyPublishers.ofString("{\"round\":" + i + "}")));
                send(client, to(log));
            }
        }
        send(client, to(url.resolve("/servers")));
        send(client, to(url.resolve("/observe/metrics")));
        for (URI live : List.of(URI.create(events + "&live=true"), URI.create(stream + "?offset=-1&live=sse"))) {
            try (var answer =
                    client.send(to(live).build(), BodyHandlers.ofInputStream()).body()) {
                answer.readNBytes(1);
            }
        }
    }

    private static HttpRequest.Builder to(URI uri) {
        return HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
    }

    private static void send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status >= 400) {
            throw new IOException("the image answered " + status + " to " + request.build());
        }
    }
}
