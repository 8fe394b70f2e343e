package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.EventStream.Frame;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final int ROUNDS = 10;
    private static final String[] QUICK = {"--registry-ttl", "PT2S", "--registry-heartbeat", "PT0.5S"};
    private static final String OTHER =
            "{\"id\":\"other\",\"url\":\"http://127.0.0.1:9\",\"port\":9,\"pid\":1,\"metadata\":{\"zone\":\"b\"}}";

    @AutoClose
    private final Machine machine = new Machine();

    private Perennial quick(String data) {
        return machine.serve(Stream.concat(Stream.of(QUICK), Stream.of("--data-dir", machine.otherData(data)))
                .toArray(String[]::new));
    }

    @Test
    void of_two_servers_that_start_at_once_none_is_lost() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String registry =
                    machine.folder().resolve("round " + round + "/servers.json").toString();
            Perennial startingFirst = machine.serve("--registry", registry, "--data-dir", machine.otherData("a"));
            Perennial startingSecond = machine.serve("--registry", registry, "--data-dir", machine.otherData("b"));
            Server first = Server.ready(startingFirst);
            Server second = Server.ready(startingSecond);
            List<String> both = Stream.of(first.id(), second.id()).sorted().toList();
            assertEquals(both, first.client().servers());
            assertEquals(both, second.client().servers());
            first.kill();
            second.kill();
        }
    }

    @Test
    void the_list_says_where_a_server_is_and_when_it_was_last_heard_of() throws Exception {
        long before = System.currentTimeMillis();
        Server server = machine.server();
        JsonObject entry = Client.json(server.client().get("/servers").body())
                .asJsonArray()
                .getJsonObject(0);
        assertEquals(List.of("id", "url", "port", "pid", "lastHeartbeat", "metadata"), List.copyOf(entry.keySet()));
        assertEquals(server.url().toString(), entry.getString("url"));
        assertEquals(server.url().getPort(), entry.getInt("port"));
        assertEquals(server.process().pid(), entry.getJsonNumber("pid").longValueExact());
        long heartbeat = entry.getJsonNumber("lastHeartbeat").longValueExact();
        assertTrue(heartbeat >= before && heartbeat <= System.currentTimeMillis());
    }

    @Test
    void a_server_can_be_registered_replaced_and_taken_off_the_list_by_any() throws Exception {
        Client client = machine.server().client();
        assertTrue(client.send("POST", "/servers", OTHER).body().equals("true"));
        assertEquals(
                "true",
                client.send("POST", "/servers", OTHER.replace(":9\"", ":8\"")).body());
        assertTrue(client.get("/servers").body().contains("http://127.0.0.1:8"));
        assertTrue(client.servers().contains("other"));
        HttpResponse<String> deleted = client.send("DELETE", "/servers/other", "");
        assertEquals(200, deleted.statusCode());
        assertEquals("true", deleted.body());
        assertFalse(client.servers().contains("other"));
        assertEquals("true", client.send("DELETE", "/servers/other", "").body());
    }

    @Test
    void a_server_of_any_id_can_be_taken_off_the_list() throws Exception {
        Client client = machine.server().client();
        client.send("POST", "/servers", OTHER.replace("\"other\"", "\"a/b %41+ü\""));
        assertTrue(client.servers().contains("a/b %41+ü"));
        HttpResponse<String> deleted = client.send("DELETE", "/servers/a%2Fb%20%2541+%C3%BC", "");
        assertEquals(200, deleted.statusCode(), deleted.body());
        assertFalse(client.servers().contains("a/b %41+ü"));
    }

    @Test
    void who_watches_sees_servers_join_leave_and_expire() throws Exception {
        Server watched = Server.ready(quick("a"));
        try (EventStream bus = watched.bus()) {
            Server leaving = Server.ready(quick("b"));
            assertEquals(leaving.id(), awaitId(bus, "server.joined"));
            leaving.stop();
            assertEquals(leaving.id(), awaitId(bus, "server.left"));
            Server killed = Server.ready(quick("b"));
            assertEquals(killed.id(), awaitId(bus, "server.joined"));
            killed.kill();
            assertTrue(watched.client().servers().contains(killed.id()), "before its time");
            assertEquals(killed.id(), awaitId(bus, "server.expired"));
            assertEquals(List.of(watched.id()), watched.client().servers());
        }
        assertFalse(Files.readString(machine.registry()).contains("\"b\""));
    }

    private static String awaitId(EventStream bus, String type) throws Exception {
        while (true) {
            Frame frame = bus.next();
            JsonObject event = Client.json(frame.data()).asJsonObject();
            if (event.getString("type", "").equals(type)) {
                return event.getJsonObject("properties").getString("id");
            }
        }
    }

    @Test
    void a_killed_server_is_off_the_list_after_its_ttl_also_where_nobody_watches() throws Exception {
        Server staying = Server.ready(quick("a"));
        Server killed = Server.ready(quick("b"));
        killed.kill();
        Eventually.holds("one server", () -> staying.client().servers().equals(List.of(staying.id())));
    }

    @Test
    void a_server_that_was_stopped_for_longer_than_its_ttl_evicts_nobody_and_comes_back() throws Exception {
        Server first = Server.ready(quick("a"));
        Server second = Server.ready(quick("b"));
        first.process().signal("STOP");
        Eventually.holds("the stopped one gone", () -> second.client().servers().equals(List.of(second.id())));
        first.process().signal("CONT");
        List<String> both = Stream.of(first.id(), second.id()).sorted().toList();
        Eventually.holds("both", () -> first.client().servers().equals(both));
        assertEquals(both, second.client().servers());
    }

    @Test
    void a_registry_file_that_is_garbage_is_set_aside_and_the_server_starts() throws Exception {
        Files.createDirectories(machine.registry().getParent());
        Files.writeString(machine.registry(), "{\"this is\": no JSON");
        Server server = machine.server();
        assertEquals(List.of(server.id()), server.client().servers());
        String complaints = server.process().complaints();
        assertEquals(1, complaints.lines().count(), complaints);
        assertTrue(complaints.contains("registry.file-corrupt"), complaints);
        assertEquals("{\"this is\": no JSON", Files.readString(setAside()));
    }

    @Test
    void a_registry_file_that_becomes_garbage_is_set_aside_and_everybody_registers_anew() throws Exception {
        Server first = Server.ready(quick("a"));
        Server second = Server.ready(quick("b"));
        // A heartbeat under way may write over it, and then nobody has seen it.
        Eventually.holds("somebody sees it", () -> {
            Path garbage = Files.writeString(machine.folder().resolve("garbage"), "[");
            Files.move(garbage, machine.registry(), StandardCopyOption.REPLACE_EXISTING);
            first.client().servers();
            return isSetAside();
        });
        List<String> both = Stream.of(first.id(), second.id()).sorted().toList();
        Eventually.holds("both again", () -> first.client().servers().equals(both));
        Eventually.holds("both again", () -> second.client().servers().equals(both));
        assertEquals("[", Files.readString(setAside()));
    }

    private boolean isSetAside() throws Exception {
        return !allSetAside().isEmpty();
    }

    private Path setAside() throws Exception {
        return allSetAside().getFirst();
    }

    private List<Path> allSetAside() throws Exception {
        try (Stream<Path> files = Files.list(machine.registry().getParent())) {
            return files.filter(file -> file.getFileName().toString().startsWith("servers.json.corrupt-"))
                    .toList();
        }
    }

    @Test
    void a_deleted_registry_comes_back_with_the_next_heartbeat() throws Exception {
        Server server = Server.ready(quick("a"));
        Files.delete(machine.registry());
        Eventually.holds("the file", Duration.ofSeconds(5), () -> Files.exists(machine.registry()));
        assertEquals(List.of(server.id()), server.client().servers());
    }
}
