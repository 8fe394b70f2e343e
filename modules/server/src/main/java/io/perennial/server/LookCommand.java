package io.perennial.server;

import io.perennial.server.Follower.Entry;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `perennial ls`, `perennial info` and `perennial servers`: what there is.
final class LookCommand {
    private static final String JSON = "--json";
    private static final String WATCH = "--watch";
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int UNIT = 1024;

    private LookCommand() {}

    static CommandSpec list(Remote.Options remote) {
        return remote.addTo(withJson(Command.of("Lists streams.", options -> list(remote, options))))
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("PREFIX")
                        .type(String.class)
                        .arity("0..1")
                        .index("0")
                        .description("What their paths begin with. Default: all")
                        .build());
    }

    static CommandSpec info(Remote.Options remote) {
        return remote.addTo(withJson(Command.of("Tells what is known of a stream.", options -> info(remote, options))))
                .addPositional(ReadCommand.path());
    }

    static CommandSpec servers(Remote.Options remote) {
        return remote.addTo(withJson(Command.of("Lists the servers that live.", options -> servers(remote, options))))
                .addOption(OptionSpec.builder(WATCH)
                        .type(boolean.class)
                        .arity("0")
                        .description("Then tells who comes and goes, until it is stopped")
                        .build());
    }

    private static CommandSpec withJson(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder(JSON)
                .type(boolean.class)
                .arity("0")
                .description("As a line of JSON each, whole")
                .build());
    }

    private static int list(Remote.Options options, ParseResult parsed) {
        Remote remote = options.of(parsed);
        String target = "/streams?limit=1000&" + Remote.query("prefix", parsed.matchedPositionalValue(0, ""));
        List<JsonObject> streams = new ArrayList<>();
        String after = "";
        do {
            JsonObject page = remote.get(target + "&" + Remote.query("after", after))
                    .json()
                    .asJsonObject();
            streams.addAll(page.getJsonArray("streams").getValuesAs(JsonObject.class));
            after = page.getString("after", "");
        } while (!after.isEmpty());
        if (parsed.hasMatchedOption(JSON)) {
            streams.forEach(System.out::println);
            return 0;
        }
        Instant now = Instant.now();
        Table.print(
                List.of("EVENTS", "BYTES", "FOLLOWERS", "AGE", "STREAM"),
                streams.stream()
                        .map(stream -> List.of(
                                number(stream, "events"),
                                bytes(stream.getJsonNumber("bytes").longValue()),
                                number(stream, "followers"),
                                age(stream, now),
                                stream.getString("path") + (stream.getBoolean("closed") ? " (closed)" : "")))
                        .toList());
        return 0;
    }

    private static int info(Remote.Options options, ParseResult parsed) {
        JsonObject stream = options.of(parsed)
                .get("/streams/" + parsed.matchedPositionalValue(0, ""))
                .json()
                .asJsonObject();
        if (parsed.hasMatchedOption(JSON)) {
            System.out.println(stream);
            return 0;
        }
        stream.forEach((name, value) -> System.out.println(name + ": " + text(value)));
        return 0;
    }

    private static int servers(Remote.Options options, ParseResult parsed) throws InterruptedException {
        Remote remote = options.of(parsed);
        List<JsonObject> servers = remote.get("/servers").json().asJsonArray().getValuesAs(JsonObject.class);
        boolean isJson = parsed.hasMatchedOption(JSON);
        if (isJson) {
            servers.forEach(System.out::println);
        } else {
            Instant now = Instant.now();
            Table.print(
                    List.of("ID", "URL", "PID", "HEARTBEAT"),
                    servers.stream()
                            .map(server -> List.of(
                                    server.getString("id"),
                                    server.getString("url"),
                                    number(server, "pid"),
                                    seconds(
                                                    Instant.ofEpochMilli(server.getJsonNumber("lastHeartbeat")
                                                            .longValue()),
                                                    now)
                                            + " ago"))
                            .toList());
        }
        if (parsed.hasMatchedOption(WATCH)) {
            watch(remote, isJson);
        }
        return 0;
    }

    private static void watch(Remote remote, boolean isJson) throws InterruptedException {
        Follower.Sink sink = new Follower.Sink() {
            @Override
            public void take(Entry entry) {
                JsonObject event =
                        Json.createReader(new StringReader(entry.text())).readObject();
                if (event.getString("type").startsWith("server.")) {
                    System.out.println(
                            isJson ? entry.text() : change(entry.offset().time(), event));
                }
            }

            @Override
            public void rest() {
                System.out.flush();
            }
        };
        try {
            new Follower(remote, "__registry__", "offset=now").followTo(sink);
        } catch (IOException e) {
            throw remote.unreachable(e);
        }
    }

    private static String change(Instant time, JsonObject event) {
        JsonObject server = event.getJsonObject("properties");
        return time + "  " + event.getString("type") + "  " + server.getString("id") + "  " + server.getString("url");
    }

    private static String number(JsonObject object, String name) {
        return object.containsKey(name) ? object.getJsonNumber(name).toString() : "";
    }

    private static String text(JsonValue value) {
        return value instanceof jakarta.json.JsonString string ? string.getString() : value.toString();
    }

    private static String age(JsonObject stream, Instant now) {
        return seconds(Instant.parse(stream.getString("createdAt")), now);
    }

    private static String seconds(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0
                ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
                : Math.max(0, age.toSeconds()) + "s";
    }

    private static String bytes(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= UNIT) {
            rest /= UNIT;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", rest, UNITS[unit]);
    }
}
