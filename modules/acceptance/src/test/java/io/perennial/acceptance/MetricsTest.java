package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a Prometheus is told.
class MetricsTest {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(\\{[^}]*\\})? ([0-9.eE+-]+|\\+Inf)");
    private static final Path DASHBOARD = Path.of("..", "..", "etc", "grafana-dashboard.json");

    @AutoClose
    private final Machine machine = new Machine();

    /// By name and labels as they stand there.
    private Map<String, Double> metrics(Server server) throws Exception {
        HttpResponse<String> answer = server.client().get("/observe/metrics");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        Map<String, Double> samples = new HashMap<>();
        String family = "";
        for (String line : answer.body().lines().toList()) {
            if (line.startsWith("# TYPE ")) {
                family = List.of(line.split(" ")).get(2);
                assertTrue(NAME.matcher(family).matches(), line);
            } else if (!line.startsWith("# HELP ")) {
                Matcher sample = SAMPLE.matcher(line);
                assertTrue(sample.matches(), line);
                assertTrue(sample.group(1).startsWith(family), line + " is of " + family);
                String labels = sample.group(2) == null ? "" : sample.group(2);
                samples.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
            }
        }
        return samples;
    }

    private static double grown(Map<String, Double> before, Map<String, Double> after, String name) {
        assertTrue(after.containsKey(name), name);
        return after.get(name) - before.getOrDefault(name, 0.0);
    }

    @Test
    void the_numbers_move_by_what_is_done() throws Exception {
        Server server = machine.server("--durable-streams", "true");
        Map<String, Double> before = metrics(server);
        String[] json = {"Content-Type", "application/json"};
        assertEquals(201, server.client().send("PUT", "/v1/stream/a", "", json).statusCode());
        assertEquals(
                204,
                server.client().send("POST", "/v1/stream/a", "[1,22,333]", json).statusCode());
        server.client().append("s", "4444");
        assertEquals(
                404, server.client().send("POST", "/v1/stream/none", "1", json).statusCode());
        assertEquals(
                409,
                server.client()
                        .send("POST", "/v1/stream/a", "1", "Content-Type", "text/plain")
                        .statusCode());
        // From the disk, and then as it is remembered.
        for (int i = 0; i < 2; i++) {
            assertEquals(200, server.client().get("/v1/stream/a").statusCode());
        }
        try (EventStream follower = server.follow("s")) {
            follower.next();
            Eventually.holds(
                    "it is counted",
                    () -> metrics(server).get("perennial_followers{kind=\"session\"}") == 1
                            && grown(before, metrics(server), "perennial_delivered_events_total{kind=\"session\"}")
                                    == 1);
        }
        Map<String, Double> after = metrics(server);
        assertEquals(2, grown(before, after, "perennial_appends_total"));
        assertEquals(4, grown(before, after, "perennial_appended_events_total"));
        assertEquals(10, grown(before, after, "perennial_appended_bytes_total"));
        assertEquals(1, grown(before, after, "perennial_append_rejections_total{reason=\"absent\"}"));
        assertEquals(1, grown(before, after, "perennial_append_rejections_total{reason=\"other-content-type\"}"));
        assertEquals(2, grown(before, after, "perennial_commit_appends_sum"));
        assertTrue(grown(before, after, "perennial_commit_seconds_count") >= 3);
        assertTrue(grown(before, after, "perennial_pages_read_total{from=\"memory\"}") >= 1);
        assertTrue(grown(before, after, "perennial_pages_read_total{from=\"disk\"}") >= 1);
        assertEquals(1, after.get("perennial_registry_servers"));
        assertTrue(after.get("perennial_database_bytes") > 0 && after.get("perennial_wal_bytes") > 0);
        assertTrue(after.get("process_resident_memory_bytes") > 1 << 20);
        isCumulative(after, "perennial_commit_appends");
        isCumulative(after, "perennial_commit_seconds");
    }

    @Test
    void each_refusal_of_an_append_is_counted_by_its_reason() throws Exception {
        Server server = machine.server("--durable-streams", "true");
        Client client = server.client();
        String[] json = {"Content-Type", "application/json"};
        for (String stream : List.of("open", "closed", "source")) {
            assertEquals(
                    201, client.send("PUT", "/v1/stream/" + stream, "", json).statusCode());
        }
        client.send("POST", "/v1/stream/closed", "", "Stream-Closed", "true");
        client.send("PUT", "/v1/stream/fork", "", "Stream-Forked-From", "/v1/stream/source");
        client.send("DELETE", "/v1/stream/source", "");
        producing(client, 200, "1", "0");
        client.send("POST", "/v1/stream/open", "1", "Content-Type", "application/json", "Stream-Seq", "b");
        Map<String, Double> before = metrics(server);
        producing(client, 403, "0", "5");
        producing(client, 400, "2", "1");
        producing(client, 409, "1", "7");
        assertEquals(
                409,
                client.send("POST", "/v1/stream/open", "1", "Content-Type", "application/json", "Stream-Seq", "a")
                        .statusCode());
        assertEquals(409, client.send("POST", "/v1/stream/closed", "1", json).statusCode());
        assertEquals(410, client.send("POST", "/v1/stream/source", "1", json).statusCode());
        assertEquals(404, client.send("POST", "/v1/stream/none", "1", json).statusCode());
        assertEquals(
                409,
                client.send("POST", "/v1/stream/open", "1", "Content-Type", "text/plain")
                        .statusCode());
        Map<String, Double> after = metrics(server);
        for (String reason : List.of(
                "stale-epoch",
                "epoch-not-begun-at-zero",
                "sequence-gap",
                "sequence-regressed",
                "closed",
                "soft-deleted",
                "absent",
                "other-content-type")) {
            String name = "perennial_append_rejections_total{reason=\"" + reason + "\"}";
            assertEquals(1, grown(before, after, name), name);
        }
        assertEquals(0, grown(before, after, "perennial_appends_total"));
    }

    private static void producing(Client client, int status, String epoch, String seq) throws Exception {
        assertEquals(
                status,
                client.send(
                                "POST",
                                "/v1/stream/open",
                                "1",
                                "Content-Type",
                                "application/json",
                                "Producer-Id",
                                "p",
                                "Producer-Epoch",
                                epoch,
                                "Producer-Seq",
                                seq)
                        .statusCode());
    }

    @Test
    void the_bytes_on_disk_are_those_of_the_files_and_a_head_has_no_body() throws Exception {
        Server server = machine.server("--durable-streams", "true");
        server.client().append("s", "1");
        Path file = machine.data().resolve("events.db");
        Eventually.holds("they are the same", () -> {
            Map<String, Double> samples = metrics(server);
            return samples.get("perennial_database_bytes") == Files.size(file)
                    && samples.get("perennial_wal_bytes") == Files.size(file.resolveSibling("events.db-wal"));
        });
        HttpResponse<String> head = server.client().send("HEAD", "/observe/metrics", "");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    private static void isCumulative(Map<String, Double> samples, String histogram) {
        List<Double> counts = samples.entrySet().stream()
                .filter(sample -> sample.getKey().startsWith(histogram + "_bucket{"))
                .sorted((a, b) -> Double.compare(bound(a.getKey()), bound(b.getKey())))
                .map(Map.Entry::getValue)
                .toList();
        assertEquals(counts.stream().sorted().toList(), counts, histogram);
        assertEquals(samples.get(histogram + "_count"), counts.getLast(), histogram);
    }

    private static double bound(String bucket) {
        String bound = bucket.substring(bucket.indexOf('"') + 1, bucket.lastIndexOf('"'));
        return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
    }

    @Test
    void the_dashboard_asks_for_what_there_is() throws Exception {
        Server server = machine.server("--durable-streams", "true");
        Set<String> served = metrics(server).keySet().stream()
                .map(name -> name.split("\\{", 2)[0])
                .collect(Collectors.toSet());
        Set<String> asked = new TreeSet<>();
        Pattern name = Pattern.compile("(perennial|process)_[a-z_]+");
        for (String expression : expressions()) {
            name.matcher(expression).results().map(MatchResult::group).forEach(asked::add);
        }
        assertTrue(asked.size() > 10, asked.toString());
        asked.removeAll(served);
        assertEquals(Set.of(), asked);
    }

    private static List<String> expressions() throws IOException {
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(DASHBOARD))) {
            return reader.readObject().getJsonArray("panels").stream()
                    .flatMap(panel -> panel.asJsonObject().getJsonArray("targets").stream())
                    .map(target -> target.asJsonObject().getString("expr"))
                    .toList();
        }
    }

    @Test
    void without_durable_streams_the_bus_is_counted() throws Exception {
        Server server = machine.server("--durable-streams", "false");
        Map<String, Double> samples = metrics(server);
        assertEquals(0, samples.get("perennial_followers{kind=\"bus\"}"));
        assertTrue(samples.containsKey("perennial_start_time_seconds"));
    }
}
