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
import java.util.concurrent.TimeUnit;

/// Makes the image's AOT cache: runs the image once, has it do what it will do, and lets the JVM write down what it
/// loaded and compiled. A start with the cache takes about half the time.
class Train {
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
        builder.environment().put("PERENNIAL_JAVA_OPTS", "-Xlog:aot=error -XX:AOTCacheOutput=" + cache);
        builder.redirectErrorStream(true);
        Process server = builder.start();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            String ready = lines.readLine();
            if (ready == null || !ready.contains(" listening on ")) {
                throw new IOException("the image didn't start: " + ready);
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
        for (int i = 0; i < ROUNDS; i++) {
            client.send(
                    HttpRequest.newBuilder(events)
                            .POST(BodyPublishers.ofString("{\"round\":" + i + "}"))
                            .build(),
                    BodyHandlers.discarding());
            client.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofString());
        }
        client.send(HttpRequest.newBuilder(url.resolve("/servers")).build(), BodyHandlers.discarding());
        try (var live = client.send(
                        HttpRequest.newBuilder(URI.create(events + "&live=true")).build(), BodyHandlers.ofInputStream())
                .body()) {
            live.readNBytes(1);
        }
    }
}
