package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.perennial.acceptance.EventStream.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Those whom an issuer vouches for, at a server that knows its keys.
@Timeout(120)
class JwtTest {
    // A second, and what a machine that does much else may be late.
    private static final Duration SOON = Duration.ofMillis(1_500);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofHours(1);

    @AutoClose
    private final Machine machine = new Machine();

    private final Issuer issuer = Issuer.withKey("k1");

    private static Instant in(Duration time) {
        return Instant.now().plus(time);
    }

    private Server server(String keys, String... flags) throws Exception {
        return machine.server(with(keys, flags));
    }

    private static String[] with(String keys, String... flags) {
        return Stream.concat(
                        Stream.of(
                                "--require-auth",
                                "--jwt-issuer",
                                Issuer.NAME,
                                "--jwt-audience",
                                Issuer.AUDIENCE,
                                "--jwt-keys",
                                keys,
                                "--jwt-skew",
                                "PT0S"),
                        Arrays.stream(flags))
                .toArray(String[]::new);
    }

    private String keys(Issuer of) throws IOException {
        Path fresh = machine.file("fresh.json", of.jwks());
        return Files.move(fresh, machine.folder().resolve("jwks.json"), StandardCopyOption.ATOMIC_MOVE)
                .toString();
    }

    private static void assertUnknown(HttpResponse<String> answer) {
        assertEquals(401, answer.statusCode(), answer.body());
        String challenge = answer.headers().firstValue("WWW-Authenticate").orElse("");
        assertTrue(challenge.matches("Bearer .*error=\"invalid_token\".*"), challenge);
    }

    @Test
    void tokens_and_jwts_are_taken_at_once_and_each_does_what_it_may_on_both_faces() throws Exception {
        Perennial made = machine.run(
                "token", "create", "--data-dir", machine.data().toString(), "--name", "app", "--allow", "read:**");
        assertEquals(0, made.exitCode(), made.err());
        String[] opaque = Issuer.bearer(made.firstLine());
        Client client = server(keys(issuer)).client();
        String[] jwt = issuer.bearer(in(LONG), "create:sessions/*", "append:sessions/*");
        assertEquals(201, client.post("s", "1", jwt).statusCode());
        assertEquals(200, client.get(Client.path("s"), opaque).statusCode());
        assertEquals(403, client.post("s", "1", opaque).statusCode());
        HttpResponse<String> denied = client.get(Client.path("s"), jwt);
        assertEquals(403, denied.statusCode());
        assertTrue(denied.body().contains("read:sessions/s"), denied.body());

        String path = "/v1/stream/sessions/s";
        String[] json = Stream.concat(Arrays.stream(jwt), Stream.of("Content-Type", "application/json"))
                .toArray(String[]::new);
        assertEquals(204, client.send("POST", path, "2", json).statusCode());
        assertEquals(403, client.get(path, jwt).statusCode());
        assertEquals(403, client.send("DELETE", path, "", jwt).statusCode());
        assertEquals("[1,2]", client.get(path, opaque).body());
        assertEquals(403, client.send("PUT", "/v1/stream/other", "", json).statusCode());
    }

    @Test
    void nobody_else_is_known_and_is_told_so() throws Exception {
        Server server = server(keys(issuer));
        Client client = server.client();
        for (String path : List.of(Client.path("s"), "/v1/stream/sessions/s", "/servers", "/observe/metrics")) {
            assertUnknown(client.get(path, Issuer.withKey("k1").bearer(in(LONG), "admin:**", "read:**")));
            assertUnknown(client.get(path, issuer.bearer(in(Duration.ofSeconds(-1)), "admin:**", "read:**")));
            assertUnknown(client.get(path, issuer.bearer(in(LONG), "nonsense")));
            assertUnknown(client.get(path, "Authorization", "Bearer x"));
            assertEquals(401, client.get(path).statusCode());
        }
        server.stop();
        assertEquals("", server.process().complaints(), "not even that there are no tokens");
    }

    @Test
    void a_follower_ends_with_its_token_and_with_the_next_one_misses_and_repeats_nothing() throws Exception {
        Server server = server(keys(issuer));
        String[] writer = issuer.bearer(in(LONG), "append:**", "create:**");
        server.client().post("s", "0", writer);
        AtomicBoolean enough = new AtomicBoolean();
        Future<Integer> writing = Eventually.start(() -> {
            int next = 1;
            while (!enough.get() && next < 100_000) {
                assertEquals(
                        201,
                        server.client()
                                .post("s", Integer.toString(next), writer)
                                .statusCode());
                next++;
            }
            return next;
        });
        List<String> seen = new ArrayList<>();
        String last = "-1";
        for (int i = 0; i < 3; i++) {
            Instant end = in(SHORT);
            String token = issuer.token(end, "read:sessions/s");
            last = followToItsEnd(server, token, last, seen);
            assertTrue(Instant.now().isAfter(end), "before its time");
            assertTrue(Instant.now().isBefore(end.plus(SOON)), "long after its time");
            assertUnknown(server.client().get(Client.live("s"), Issuer.bearer(token)));
        }
        enough.set(true);
        int count = Eventually.result(writing);
        try (EventStream rest =
                server.follow("s", with(issuer.bearer(in(LONG), "read:sessions/s"), "Last-Event-ID", last))) {
            while (seen.size() < count) {
                add(rest.next(), seen);
            }
        }
        assertEquals(IntStream.range(0, count).mapToObj(Integer::toString).toList(), seen);
    }

    private static String[] with(String[] headers, String name, String value) {
        return Stream.concat(Arrays.stream(headers), Stream.of(name, value)).toArray(String[]::new);
    }

    // Returns the last id.
    private static String followToItsEnd(Server server, String token, String from, List<String> seen) throws Exception {
        String last = from;
        try (EventStream follower = server.follow("s", with(Issuer.bearer(token), "Last-Event-ID", from))) {
            for (Optional<Frame> frame = follower.nextOrEnd(); frame.isPresent(); frame = follower.nextOrEnd()) {
                add(frame.get(), seen);
                last = frame.get().id().isEmpty() ? last : frame.get().id();
            }
        }
        return last;
    }

    private static void add(Frame frame, List<String> seen) {
        if (frame.isMessage()) {
            seen.add(frame.stored().event().toString());
        }
    }

    @Test
    void who_waits_for_news_waits_no_longer_than_the_token_lasts() throws Exception {
        Server server = server(keys(issuer));
        server.client().post("s", "1", issuer.bearer(in(LONG), "append:**", "create:**"));
        for (String path : List.of(
                "/v1/stream/sessions/s?offset=now&live=long-poll",
                "/v1/stream/sessions/s?offset=now&live=sse",
                "/event")) {
            Instant end = in(SHORT);
            String token = issuer.token(end, "read:sessions/s");
            try (Wire wire = Wire.connect(server.url())) {
                wire.send(Wire.request("GET", path, Issuer.bearer(token)));
                int status = wire.answer().status();
                assertEquals(path.contains("long-poll") ? 401 : 200, status, path);
            }
            assertTrue(Instant.now().isAfter(end), path + " before its time");
            assertTrue(Instant.now().isBefore(end.plus(SOON)), path + " long after its time");
            assertUnknown(server.client().get(path, Issuer.bearer(token)));
        }
    }

    @Test
    void a_key_that_is_taken_out_of_the_file_ends_those_that_were_known_by_it_without_a_restart() throws Exception {
        Server server = server(keys(issuer));
        Issuer other = Issuer.withKey("k2");
        String[] old = issuer.bearer(in(LONG), "read:**", "append:**", "create:**", "admin:access-links");
        String[] fresh = other.bearer(in(LONG), "read:**");
        assertEquals(201, server.client().post("s", "1", old).statusCode());
        assertUnknown(server.client().get(Client.path("s"), fresh));
        String link = Client.live("s") + "&access="
                + Client.json(server.client()
                                .send("POST", "/access-links", "{\"paths\":\"sessions/s\"}", old)
                                .body())
                        .asJsonObject()
                        .getString("access");
        try (EventStream follower = server.follow("s", old);
                EventStream linked = EventStream.open(server.url(), link)) {
            assertEquals("1", follower.take(1).getFirst().event().toString());
            Instant replaced = Instant.now();
            keys(other);
            follower.takeEnd();
            linked.takeEnd();
            assertTrue(Instant.now().isBefore(replaced.plus(SOON)), "long after");
        }
        assertEquals(401, server.client().get(link).statusCode());
        assertUnknown(server.client().get(Client.path("s"), old));
        assertEquals(200, server.client().get(Client.path("s"), fresh).statusCode());
    }

    @Test
    void keys_that_are_not_there_yet_let_nobody_in_until_they_are() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicBoolean isThere = new AtomicBoolean();
        http.createContext("/", exchange -> {
            byte[] body = issuer.jwks().getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(isThere.get() ? 200 : 500, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        http.start();
        try {
            String url = "http://127.0.0.1:" + http.getAddress().getPort() + "/jwks.json";
            Server server = server(url, "--jwt-keys-refresh", "PT1S");
            String[] token = issuer.bearer(in(LONG), "read:**");
            assertUnknown(server.client().get("/streams", token));
            Eventually.holds("a line", () -> server.process().complaints().contains("jwt.keys-missing"));
            isThere.set(true);
            Eventually.holds(
                    "keys", () -> server.client().get("/streams", token).statusCode() == 200);
            // Whoever asks that often is told of as a number, too.
            assertEquals(
                    1,
                    server.process()
                            .complaints()
                            .lines()
                            .filter(line -> !line.contains("audit.refused-more"))
                            .count(),
                    server.process()::err);
        } finally {
            http.stop(0);
        }
    }

    @Test
    void what_is_said_of_jwts_in_part_or_wrong_stops_the_start_in_one_line() throws Exception {
        String line = machine.serve("--require-auth", "--jwt-issuer", "i").onlyLine(2);
        assertTrue(line.contains("security.jwt.audience, security.jwt.keys aren't set"), line);
        String keys = keys(issuer);
        line = machine.serve("--require-auth", "--jwt-keys", keys, "--jwt-audience", "a")
                .onlyLine(2);
        assertTrue(line.contains("security.jwt.issuer isn't set"), line);
        line = machine.serve("--jwt-keys", keys, "--jwt-audience", "a", "--jwt-issuer", "i")
                .onlyLine(2);
        assertTrue(line.contains("--require-auth"), line);
        line = machine.serve(with(keys, "--jwt-keys-stale", "PT1M")).onlyLine(2);
        assertTrue(line.contains("security.jwt.keys-stale"), line);
        line = machine.serve(with("http:///keys")).onlyLine(2);
        assertTrue(line.contains("security.jwt.keys"), line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.json", "logs"})
    void keys_that_cannot_be_read_stop_the_start_in_one_line(String name) throws Exception {
        String path = machine.folder().resolve(name).toString();
        String line = machine.serve(with(path)).onlyLine(1);
        assertTrue(line.contains(path), line);
    }
}
