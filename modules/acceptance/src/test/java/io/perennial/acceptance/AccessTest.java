package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What somebody is shown who may see some of it, and what becomes of them when they may no longer.
@Timeout(120)
class AccessTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @AutoClose
    private final Machine machine = new Machine();

    /// The headers of whoever has this token.
    static String[] by(String token, String... more) {
        String[] headers = new String[more.length + 2];
        headers[0] = "Authorization";
        headers[1] = "Bearer " + token;
        System.arraycopy(more, 0, headers, 2, more.length);
        return headers;
    }

    private Server closed(String... flags) throws Exception {
        String[] all = new String[flags.length + 1];
        all[0] = "--require-auth";
        System.arraycopy(flags, 0, all, 1, flags.length);
        return machine.server(all);
    }

    private static void append(Server server, String token, String session, String event) throws Exception {
        HttpResponse<String> answer = server.client().post(session, event, by(token));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void a_listener_that_others_reach_does_not_start_open_unless_it_is_meant(String host) throws Exception {
        String line = machine.serve("--host", host).onlyLine(2);
        assertTrue(line.contains("--require-auth") && line.contains("--insecure-open"), line);
        assertFalse(Files.exists(machine.data()), "nothing was begun");
        Server meant = machine.server("--host", host, "--insecure-open");
        assertTrue(
                meant.process().err().contains("WARNING server.open host=" + host),
                meant.process().err());
        meant.stop();
        Server asking = machine.server("--host", host, "--require-auth", "true");
        assertTrue(
                asking.process().err().contains("server.no-tokens"),
                asking.process().err());
        assertTrue(
                asking.process().err().contains("WARNING server.no-tls host=" + host + " reason=tokens travel in the"),
                asking.process().err());
    }

    @Test
    void lists_and_the_bus_show_what_may_be_read() throws Exception {
        String admin = machine.token("all", "--allow", "append:**", "--allow", "create:**", "--allow", "read:**");
        String some = machine.token("some", "--allow", "read:sessions/mine", "--allow", "registry:mine-*");
        Server server = closed();
        try (EventStream bus = EventStream.open(server.url(), "/event", by(some));
                EventStream all = EventStream.open(server.url(), "/event", by(admin))) {
            bus.next();
            all.next();
            append(server, admin, "other", "1");
            append(server, admin, "mine", "2");
            assertTrue(bus.next().data().startsWith("{\"sessionId\":\"mine\""));
            assertTrue(all.next().data().startsWith("{\"sessionId\":\"other\""));
        }
        assertEquals(List.of("sessions/mine"), listed(server, some));
        assertEquals(List.of("sessions/mine", "sessions/other"), listed(server, admin));
        assertEquals("[]", server.client().get("/servers", by(some)).body());
        assertEquals(
                403, server.client().get("/v1/stream/__registry__", by(admin)).statusCode());
        String caching = server.client()
                .get("/v1/stream/sessions/mine", by(some))
                .headers()
                .firstValue("Cache-Control")
                .orElse("");
        assertFalse(caching.contains("public"), caching);
    }

    private static List<String> listed(Server server, String token) throws Exception {
        return Client.json(server.client().get("/streams", by(token)).body())
                .asJsonObject()
                .getJsonArray("streams")
                .stream()
                .map(stream -> stream.asJsonObject().getString("path"))
                .toList();
    }

    @Test
    void a_list_pages_through_what_may_be_read_and_names_nothing_else() throws Exception {
        String all = machine.token("all", "--allow", "create:**");
        String some = machine.token(
                "some", "--allow", "read:b/*", "--allow", "read:d", "--allow", "read:b/1", "--allow", "read:**/z");
        Client client = closed().client();
        for (String stream : List.of("a", "b/1", "b/2", "b/2/x", "b/3", "bb", "c", "d", "e", "f/z")) {
            assertEquals(
                    201, client.send("PUT", "/v1/stream/" + stream, "", by(all)).statusCode());
        }
        for (int limit = 1; limit < 8; limit++) {
            List<String> found = new ArrayList<>();
            String after = "";
            do {
                JsonObject page = Client.json(client.get("/streams?limit=" + limit + "&after=" + after, by(some))
                                .body())
                        .asJsonObject();
                page.getJsonArray("streams")
                        .forEach(stream -> found.add(stream.asJsonObject().getString("path")));
                after = page.getString("after", "");
                assertTrue(after.isEmpty() || found.contains(after), after);
            } while (!after.isEmpty());
            assertEquals(List.of("b/1", "b/2", "b/3", "d", "f/z"), found, "pages of " + limit);
        }
        String page = client.get("/streams?prefix=b/&limit=2", by(some)).body();
        assertTrue(page.endsWith("\"after\":\"b/2\"}"), page);
    }

    @Test
    void a_fork_tells_its_source_and_a_stream_its_forks_to_whom_may_read_them() throws Exception {
        String all = machine.token("all", "--allow", "create:**", "--allow", "read:**");
        String source = machine.token("source", "--allow", "read:source");
        String fork = machine.token("fork", "--allow", "read:fork");
        Client client = closed().client();
        client.send("PUT", "/v1/stream/source", "", by(all));
        client.send("PUT", "/v1/stream/fork", "", by(all, "Stream-Forked-From", "/v1/stream/source"));
        assertTrue(client.get("/streams/source", by(all)).body().contains("\"forks\":[\"fork\"]"));
        assertTrue(client.get("/streams/source", by(source)).body().contains("\"forks\":[]"));
        assertTrue(client.get("/streams/fork", by(all)).body().contains("\"source\""));
        assertFalse(client.get("/streams/fork", by(fork)).body().contains("source"));
    }

    @Test
    void who_is_revoked_is_gone_within_a_second_and_goes_on_with_another_token() throws Exception {
        String writer = machine.token("writer", "--allow", "append:**", "--allow", "create:**");
        String reader = machine.token("reader", "--allow", "read:**");
        Server server = closed();
        append(server, writer, "s", "1");
        try (EventStream follower = EventStream.open(server.url(), Client.live("s"), by(reader));
                EventStream protocol =
                        EventStream.open(server.url(), "/v1/stream/sessions/s?offset=-1&live=sse", by(reader));
                EventStream bus = EventStream.open(server.url(), "/event", by(reader))) {
            Future<HttpResponse<String>> poll = Eventually.start(
                    () -> server.client().get("/v1/stream/sessions/s?offset=now&live=long-poll", by(reader)));
            String seen = follower.next().id();
            follower.next();
            long begin = System.nanoTime();
            machine.revoke("reader");
            for (EventStream stream : List.of(follower, protocol, bus)) {
                stream.takeEnd();
            }
            assertEquals(401, Eventually.result(poll).statusCode());
            Duration taken = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(taken.compareTo(SECOND.multipliedBy(2)) < 0, "it took " + taken);
            assertEquals(401, server.client().get(Client.live("s"), by(reader)).statusCode());

            append(server, writer, "s", "2");
            String other = machine.token("other", "--allow", "read:**");
            Eventually.holds(
                    "it is known",
                    () -> server.client().get("/streams", by(other)).statusCode() == 200);
            try (EventStream again =
                    EventStream.open(server.url(), Client.live("s"), by(other, "Last-Event-ID", seen))) {
                assertEquals("2", again.next().stored().event().toString());
            }
        }
        server.stop();
        assertEquals("", server.process().complaints());
    }

    @Test
    void each_request_of_a_connection_is_whose_it_says_whatever_the_one_before_was() throws Exception {
        String mine = machine.token("mine", "--allow", "append:**", "--allow", "create:**", "--allow", "read:**");
        String other = machine.token("other", "--allow", "read:other");
        Server server = closed();
        append(server, mine, "s", "1");
        String path = Client.path("s");
        try (KeptLine line = new KeptLine(server.url())) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, status(line, path, by(mine)));
                assertEquals(200, status(line, path, by(mine)));
                assertEquals(403, status(line, path, by(other)));
                assertEquals(401, status(line, path));
                assertEquals(401, status(line, path, "Authorization", ""));
                assertEquals(401, status(line, path, by(mine.substring(0, mine.length() - 1))));
                assertEquals(401, status(line, path, by(mine + "A")));
                assertEquals(401, status(line, path, by(mine, "Authorization", "Bearer " + mine)));
                assertEquals(200, status(line, path, by(mine)));
            }
            machine.revoke("mine");
            Eventually.holds("it is known no more", SECOND, () -> status(line, path, by(mine)) == 401);
        }
    }

    private static int status(KeptLine line, String path, String... headers) throws Exception {
        return line.exchange("GET", path, "", headers).head().status();
    }

    @Test
    void a_token_that_ends_by_itself_ends_what_it_follows() throws Exception {
        String writer = machine.token("writer", "--allow", "append:**", "--allow", "create:**");
        Server server = closed();
        append(server, writer, "s", "1");
        String reader = machine.token("reader", "--allow", "read:**", "--expires", "PT3S");
        Eventually.holds(
                "it is known", () -> server.client().get("/streams", by(reader)).statusCode() == 200);
        try (EventStream follower = EventStream.open(server.url(), Client.live("s"), by(reader))) {
            follower.takeEnd();
        }
        assertEquals(401, server.client().get("/streams", by(reader)).statusCode());
    }

    @Test
    void somebody_elses_subscription_tells_nothing_of_what_it_is_about() throws Exception {
        String all = machine.token(
                "all", "--allow", "subscribe:**", "--allow", "read:**", "--allow", "append:**", "--allow", "create:**");
        String other = machine.token("other", "--allow", "subscribe:mine/**", "--allow", "read:mine/**");
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"theirs/**\",\"wake_stream\":\"wakes\"}";
        String path = "/v1/stream/__ds/subscriptions/";
        Server told = closed();
        told.client().send("PUT", "/v1/stream/wakes", "", by(all, "Content-Type", "application/json"));
        assertEquals(201, told.client().send("PUT", path + "s", spec, by(all)).statusCode());
        HttpResponse<String> refused = told.client().get(path + "s", by(other));
        assertEquals(403, refused.statusCode());
        assertFalse(refused.body().contains("theirs") || refused.body().contains("wakes"), refused.body());
        told.stop();
        Client concealed = closed("--conceal").client();
        List<List<String>> attempts = List.of(
                List.of("GET", "", ""),
                List.of("POST", "/claim", "{\"worker\":\"w\"}"),
                List.of("POST", "/streams", "{\"streams\":[\"mine/1\"]}"),
                List.of("DELETE", "/streams/mine%2F1", ""),
                List.of("DELETE", "", ""));
        for (List<String> attempt : attempts) {
            HttpResponse<String> none =
                    concealed.send(attempt.get(0), path + "none" + attempt.get(1), attempt.get(2), by(other));
            HttpResponse<String> hidden =
                    concealed.send(attempt.get(0), path + "s" + attempt.get(1), attempt.get(2), by(other));
            assertEquals(none.statusCode(), hidden.statusCode(), attempt::toString);
            assertEquals(none.body().replace("none", "s"), hidden.body(), attempt::toString);
        }
        assertEquals(200, concealed.get(path + "s", by(all)).statusCode());
    }

    @Test
    void a_wake_ends_with_who_claimed_it() throws Exception {
        String[] everything = {
            "--allow", "subscribe:**", "--allow", "read:**", "--allow", "append:**", "--allow", "create:**"
        };
        String owner = machine.token("owner", everything);
        String worker = machine.token("worker", everything);
        Server server = closed();
        Client client = server.client();
        String path = "/v1/stream/__ds/subscriptions/s";
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"sessions/*\",\"wake_stream\":\"wakes\"}";
        client.send("PUT", "/v1/stream/wakes", "", by(owner, "Content-Type", "application/json"));
        assertEquals(201, client.send("PUT", path, spec, by(owner)).statusCode());
        append(server, owner, "a", "1");
        HttpResponse<String> claim = client.send("POST", path + "/claim", "{\"worker\":\"w\"}", by(worker));
        assertEquals(200, claim.statusCode(), claim.body());
        JsonObject wake = Client.json(claim.body()).asJsonObject();
        String report = "{\"wake_id\":\"" + wake.getString("wake_id") + "\",\"generation\":" + wake.getInt("generation")
                + ",\"acks\":[]}";
        assertEquals(
                200,
                client.send("POST", path + "/ack", report, by(wake.getString("token")))
                        .statusCode());
        machine.revoke("worker");
        Eventually.holds(
                "the wake is nobody's",
                () -> client.send("POST", path + "/ack", report, by(wake.getString("token")))
                                .statusCode()
                        == 401);
        assertEquals(200, client.get(path, by(owner)).statusCode());
    }

    @Test
    void a_subscription_works_for_who_asked_for_it_as_long_as_they_are_known() throws Exception {
        String[] everything = {
            "--allow", "subscribe:**", "--allow", "read:**", "--allow", "append:**", "--allow", "create:**"
        };
        String one = machine.token("one", everything);
        String two = machine.token("two", everything);
        Server server = closed();
        Client client = server.client();
        String path = "/v1/stream/__ds/subscriptions/s";
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"sessions/*\",\"wake_stream\":\"wakes\"}";
        client.send("PUT", "/v1/stream/wakes", "", by(two, "Content-Type", "application/json"));
        assertEquals(201, client.send("PUT", path, spec, by(one)).statusCode());
        machine.revoke("one");
        Eventually.holds(
                "nobody is known who asked for it",
                () -> client.get(path, by(two)).body().contains("\"status\":\"failed\""));
        append(server, two, "a", "1");
        assertEquals("[]", client.get("/v1/stream/wakes?offset=-1", by(two)).body());
        assertTrue(server.process().err().contains("subscription.rests id=s"));
        assertTrue(client.send("PUT", path, spec, by(two)).body().contains("\"status\":\"active\""));
        Eventually.holds(
                "it wakes somebody",
                () -> client.get("/v1/stream/wakes?offset=-1", by(two)).body().contains("sessions/a"));
    }

    @Test
    void who_brings_no_token_of_a_wake_is_not_told_which_subscriptions_there_are() throws Exception {
        String all = machine.token(
                "all", "--allow", "subscribe:**", "--allow", "read:**", "--allow", "append:**", "--allow", "create:**");
        Client client = closed().client();
        String path = "/v1/stream/__ds/subscriptions/";
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"a/*\",\"wake_stream\":\"wakes\"}";
        client.send("PUT", "/v1/stream/wakes", "", by(all, "Content-Type", "application/json"));
        assertEquals(201, client.send("PUT", path + "there", spec, by(all)).statusCode());
        for (String operation : List.of("/callback", "/ack", "/release")) {
            HttpResponse<String> there = client.send("POST", path + "there" + operation, "?", by("x"));
            assertEquals(401, there.statusCode());
            assertEquals(
                    there.body(),
                    client.send("POST", path + "none" + operation, "?", by("x")).body());
        }
    }

    @Test
    void a_body_that_ends_after_its_caller_was_revoked_is_refused() throws Exception {
        String token = machine.token("app", "--allow", "append:**", "--allow", "create:**", "--allow", "registry:**");
        String reader = machine.token("reader", "--allow", "read:**");
        Server server = closed();
        append(server, token, "s", "1");
        List<String> begun = new ArrayList<>();
        for (String target : List.of(
                "POST /stream/events?sessionId=s",
                "POST /v1/stream/sessions/s",
                "PUT /v1/stream/new",
                "POST /servers",
                "PUT /v1/stream/__ds/subscriptions/s")) {
            String[] parts = target.split(" ", -1);
            begun.add(Wire.request(
                    parts[0],
                    parts[1],
                    "Authorization",
                    "Bearer " + token,
                    "Content-Type",
                    "application/json",
                    "Content-Length",
                    "2"));
        }
        List<Wire> wires = new ArrayList<>();
        try {
            for (String request : begun) {
                Wire wire = Wire.connect(server.url());
                wires.add(wire);
                wire.send(request + "1");
            }
            Eventually.holds(
                    "all have begun",
                    () -> server.client().get("/streams", by(token)).statusCode() == 200);
            machine.revoke("app");
            Eventually.holds(
                    "it is over",
                    () -> server.client().get("/streams", by(token)).statusCode() == 401);
            for (Wire wire : wires) {
                wire.send("1");
                assertEquals(401, wire.answer().status());
            }
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
        assertEquals(List.of("sessions/s"), listed(server, reader));
    }

    @Test
    void a_lease_is_its_tokens_and_nobody_elses() throws Exception {
        String one = machine.token("one", "--allow", "registry:**");
        String two = machine.token("two", "--allow", "registry:**");
        Server server = closed();
        String lease = "{\"id\":\"a\",\"url\":\"http://127.0.0.1:9\",\"port\":9,\"pid\":1}";
        Client client = server.client();
        assertEquals(200, client.send("POST", "/servers", lease, by(one)).statusCode());
        assertEquals(200, client.send("POST", "/servers", lease, by(one)).statusCode());
        assertEquals(403, client.send("POST", "/servers", lease, by(two)).statusCode());
        assertEquals(403, client.send("DELETE", "/servers/a", "", by(two)).statusCode());
        String own = "{\"id\":\"" + server.id() + "\",\"url\":\"http://127.0.0.1:9\",\"port\":9,\"pid\":1}";
        assertEquals(403, client.send("POST", "/servers", own, by(one)).statusCode());
        assertEquals(
                403,
                client.send("DELETE", "/servers/" + server.id(), "", by(one)).statusCode());
        assertFalse(client.get("/servers", by(one)).body().contains("owner"));
        assertTrue(Files.readString(machine.registry()).contains("\"owner\":\"token:"));
        assertEquals(200, client.send("DELETE", "/servers/a", "", by(one)).statusCode());
        assertEquals(200, client.send("POST", "/servers", lease, by(two)).statusCode());
    }

    @Test
    void what_is_missing_is_named_or_hidden() throws Exception {
        String token = machine.token("some", "--allow", "read:mine");
        Server told = closed();
        HttpResponse<String> refused = told.client().get("/v1/stream/theirs", by(token));
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("the permission read:theirs is missing"), refused.body());
        told.stop();
        Server concealed = closed("--conceal");
        for (String path : List.of("/v1/stream/theirs", "/observe/metrics", "/admin/backup", "/streams/theirs")) {
            assertEquals(404, concealed.client().get(path, by(token)).statusCode(), path);
        }
    }

    @Test
    void the_command_line_brings_its_token_and_the_access_log_says_whose_it_is() throws Exception {
        String token = machine.token("worker", "--allow", "append:**", "--allow", "create:**", "--allow", "read:**");
        Server server = closed("--access-log", "-");
        machine.with("PERENNIAL_URL", server.url().toString());
        assertTrue(machine.run("append", "jobs/1", "1").onlyLine(1).contains("401"));
        var file = machine.file("token", token + "\n");
        assertTrue(machine.run("append", "jobs/1", "1", "--token-file", file.toString())
                .onlyLine(1)
                .contains("chmod"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals(
                0,
                machine.run("append", "jobs/1", "1", "--token-file", file.toString())
                        .exitCode());
        machine.with("PERENNIAL_TOKEN", token);
        Perennial read = machine.run("read", "jobs/1");
        assertEquals(0, read.exitCode(), read.err());
        assertEquals("1\n", read.out());
        Eventually.holds("it is logged", () -> server.process().out().contains("127.0.0.1 - token:worker ["));
        assertFalse((server.process().out() + server.process().err()).contains(token.substring(24)));
    }
}
