package io.perennial.server;

import io.perennial.registry.Heartbeat;
import io.perennial.registry.Lease;
import io.perennial.registry.LeaseJson;
import io.perennial.registry.Parsed;
import io.perennial.registry.Registry;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `perennial heartbeat`: the daemon alone, for a server that doesn't keep itself on the list.
final class HeartbeatCommand {
    private static final String URL = "--url";
    private static final String ID = "--id";
    private static final String PID = "--pid";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private HeartbeatCommand() {}

    static CommandSpec addOptions(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder(URL)
                        .type(URI.class)
                        .required(true)
                        .paramLabel("URL")
                        .description("Where the server is reached, such as http://127.0.0.1:8080")
                        .build())
                .addOption(OptionSpec.builder(ID)
                        .type(String.class)
                        .paramLabel("ID")
                        .description("Its name on the list. Default: host and port of the URL")
                        .build())
                .addOption(OptionSpec.builder(PID)
                        .type(Long.class)
                        .paramLabel("PID")
                        .description("Its process: when that ends, it leaves the list. Default: this command's own")
                        .build());
    }

    static int run(Settings settings, ParseResult options) throws InterruptedException {
        URI url = options.matchedOptionValue(URL, URI.create(""));
        int port = port(url);
        long pid = options.matchedOptionValue(PID, ProcessHandle.current().pid());
        String id = options.matchedOptionValue(ID, url.getHost() + ":" + port);
        InstantSource clock = InstantSource.system();
        Lease lease = lease(
                Json.createObjectBuilder()
                        .add("id", id)
                        .add("url", url.toString())
                        .add("port", port)
                        .add("pid", pid)
                        .build(),
                clock);
        ProcessHandle watched = ProcessHandle.of(pid)
                .orElseThrow(() -> new SettingException(PID + " is " + pid + ", and there is no such process"));
        Registry registry = Registry.open(PerennialServer.registryConfig(settings), clock, _ -> {});
        Heartbeat heartbeat = Heartbeat.start(registry, lease);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("perennial-stop").unstarted(() -> {
                    heartbeat.close();
                    Runtime.getRuntime().halt(0);
                }));
        System.out.println("Perennial heartbeat for " + url + " as " + id);
        System.out.flush();
        if (pid == ProcessHandle.current().pid()) {
            new CountDownLatch(1).await();
        }
        watched.onExit().join();
        return 0;
    }

    private static Lease lease(JsonObject asked, InstantSource clock) {
        return switch (LeaseJson.parse(asked, clock.instant())) {
            case Parsed.Valid(var lease) -> lease;
            case Parsed.Invalid(var violations) ->
                throw new SettingException(violations.stream()
                        .map(violation -> "--" + violation.field() + " " + violation.rule())
                        .collect(Collectors.joining("; ")));
        };
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
}
