package io.perennial.http;

import static io.perennial.http.ControlClient.SUBSCRIPTIONS;
import static io.perennial.http.ControlClient.assertProblem;
import static io.perennial.http.ControlClient.field;
import static io.perennial.http.ControlClient.pullWake;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is answered to workers whose request doesn't work, byte for byte.
@Timeout(60)
class SubscriptionProblemsTest {
    private static final String UNAUTHORIZED = "the header Authorization: Bearer <token> is missing";

    @TempDir
    Path directory;

    private TestServer server;
    private ControlClient client;

    @BeforeEach
    void start() {
        server = TestServer.on(directory);
        client = new ControlClient(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// Of a new subscription with the one event `1` pending.
    private Answer claimed(String id) throws Exception {
        client.pullWake(id);
        client.event("chats/1", "1");
        Answer claim = client.post(id + "/claim", "{\"worker\":\"me\"}");
        assertEquals(200, claim.status(), claim.body());
        return claim;
    }

    private static String wake(Answer claim, String more) {
        return "{\"wake_id\":\"" + field(claim, "wake_id") + "\",\"generation\":" + field(claim, "generation") + more
                + "}";
    }

    private static String acks(String stream, String offset) {
        return ",\"acks\":[{\"stream\":\"" + stream + "\",\"offset\":\"" + offset + "\"}]";
    }

    @ParameterizedTest
    @ValueSource(strings = {"ack", "release", "callback"})
    void without_a_token_it_is_401(String what) throws Exception {
        client.pullWake("s");
        for (String[] headers : List.of(
                new String[0],
                new String[] {"Authorization: Bearer"},
                new String[] {"Authorization: Basic YTpi"},
                new String[] {"Authorization: Bearer a", "Authorization: Bearer a"})) {
            Answer answer = client.post("s/" + what, "{\"wake_id\":\"w\",\"generation\":1}", headers);

            assertProblem(401, "TOKEN_INVALID", UNAUTHORIZED, answer);
            assertEquals("Bearer", answer.header("WWW-Authenticate"));
        }
    }

    @Test
    void with_a_token_of_nobody_it_is_401() throws Exception {
        Answer claim = claimed("s");
        client.put("t", pullWake());
        String token = field(claim, "token");
        String body = wake(claim, ",\"done\":true");

        for (String wrong : List.of(
                "x",
                token + "x",
                token.substring(0, token.length() - 1),
                token.substring(0, token.lastIndexOf('.')),
                "x" + token,
                "x".repeat(8_000),
                token.substring(0, token.indexOf('.')) + ".e30." + token.substring(token.lastIndexOf('.') + 1))) {
            for (String what : List.of("s/ack", "s/release")) {
                Answer answer = client.report(what, wrong, body);
                assertProblem(401, "TOKEN_INVALID", "the bearer token isn't one of this subscription", answer);
                assertEquals("Bearer", answer.header("WWW-Authenticate"));
            }
        }
        assertEquals(401, client.report("t/ack", token, body).status(), "another subscription's");
        assertEquals(
                200,
                client.post("s/ack", body, "authorization: bEARER  " + token).status());
    }

    @Test
    void with_a_token_of_yesterday_it_is_401() throws Exception {
        Answer claim = claimed("s");
        server.clock().step(Duration.ofDays(1));

        Answer answer = client.report("s/ack", field(claim, "token"), wake(claim, ""));

        assertProblem(401, "TOKEN_EXPIRED", "the bearer token has expired", answer);
        assertEquals("Bearer", answer.header("WWW-Authenticate"));
    }

    @Test
    void who_has_no_subscription_is_told_so() throws Exception {
        String message = "there is no such subscription";

        assertProblem(404, "SUBSCRIPTION_NOT_FOUND", message, client.get("s"));
        assertProblem(404, "SUBSCRIPTION_NOT_FOUND", message, client.post("s/streams", "{\"streams\":[\"a\"]}"));
        assertProblem(404, "SUBSCRIPTION_NOT_FOUND", message, server.request("DELETE", SUBSCRIPTIONS + "s/streams/a"));
        assertProblem(404, "SUBSCRIPTION_NOT_FOUND", message, client.post("s/claim", "{\"worker\":\"w\"}"));
        for (String what : List.of("s/ack", "s/release", "s/callback")) {
            Answer answer = client.report(what, "x", "{\"wake_id\":\"w\",\"generation\":1}");
            assertProblem(404, "SUBSCRIPTION_NOT_FOUND", message, answer);
        }
    }

    @Test
    void reports_of_a_deleted_subscription_are_404_even_where_it_was_made_anew() throws Exception {
        Answer claim = claimed("s");
        server.request("DELETE", SUBSCRIPTIONS + "s");
        String body = wake(claim, acks("chats/1", field(claim, "tail_offset")));

        assertEquals(404, client.report("s/ack", field(claim, "token"), body).status());
        client.put("s", pullWake());
        assertEquals(409, client.report("s/ack", field(claim, "token"), body).status());
    }

    @Test
    void a_second_worker_is_told_who_was_first() throws Exception {
        client.pullWake("s");
        client.event("chats/1", "1");
        client.post("s/claim", "{\"worker\":\"the \\\"first\\\"\"}");

        Answer answer = client.post("s/claim", "{\"worker\":\"second\"}");

        assertEquals(409, answer.status());
        assertEquals(
                "{\"error\":{\"current_holder\":\"the \\\"first\\\"\",\"generation\":1,\"code\":\"ALREADY_CLAIMED\","
                        + "\"message\":\"another worker holds the lease\"}}",
                answer.body());
    }

    @Test
    void there_is_nothing_to_claim_where_nothing_is_pending() throws Exception {
        client.pullWake("s");

        assertProblem(409, "NO_PENDING_WORK", "nothing is pending", client.post("s/claim", "{\"worker\":\"w\"}"));
    }

    @Test
    void a_wake_that_is_over_is_fenced() throws Exception {
        Answer claim = claimed("s");
        String message = "that wake is over: its lease ran out, or it was finished";
        String token = field(claim, "token");
        server.clock().step(Duration.ofSeconds(30));
        assertEquals(200, client.post("s/claim", "{\"worker\":\"next\"}").status());

        String body = wake(claim, acks("chats/1", field(claim, "tail_offset")));
        assertProblem(409, "FENCED", message, client.report("s/ack", token, body));
        assertProblem(409, "FENCED", message, client.report("s/release", token, wake(claim, "")));
        assertEquals(field(claim, "acked_offset"), field(client.get("s"), "acked_offset"), "nothing has moved");
    }

    @ParameterizedTest
    @CsvSource({"w_other,1", "'',1", ",0", ",2", ",-1", ",9223372036854775807"})
    void a_wake_of_another_name_is_fenced(String wakeId, String generation) throws Exception {
        Answer claim = claimed("s");
        String id = wakeId == null ? field(claim, "wake_id") : wakeId;

        Answer answer = client.report(
                "s/ack", field(claim, "token"), "{\"wake_id\":\"" + id + "\",\"generation\":" + generation + "}");

        assertEquals(409, answer.status());
        assertEquals("FENCED", field(answer, "code"));
    }

    @Test
    void an_ack_stays_between_its_cursor_and_the_tail() throws Exception {
        Answer claim = claimed("s");
        String token = field(claim, "token");
        String tail = field(claim, "tail_offset");
        String other = client.event("other", "1");

        assertProblem(
                409,
                "INVALID_OFFSET",
                "the subscription isn't linked to other",
                client.report("s/ack", token, wake(claim, acks("other", other))));
        assertProblem(
                409,
                "INVALID_OFFSET",
                "the tail of chats/1 is " + tail,
                client.report("s/ack", token, wake(claim, acks("chats/1", other))));
        assertEquals(
                200,
                client.report("s/ack", token, wake(claim, acks("chats/1", tail)))
                        .status());
        assertProblem(
                409,
                "INVALID_OFFSET",
                "of chats/1 everything below " + tail + " is acked already",
                client.report("s/ack", token, wake(claim, acks("chats/1", "-1"))));
    }

    @Test
    void one_ack_that_is_wrong_moves_no_other() throws Exception {
        Answer claim = claimed("s");
        String ack = "{\"stream\":\"chats/1\",\"offset\":\"" + field(claim, "tail_offset") + "\"}";
        String wrong = "{\"stream\":\"x\",\"offset\":\"-1\"}";

        Answer answer = client.report(
                "s/ack", field(claim, "token"), wake(claim, ",\"done\":true,\"acks\":[" + ack + "," + wrong + "]"));

        assertEquals(409, answer.status());
        assertEquals(field(claim, "acked_offset"), field(client.get("s"), "acked_offset"));
        assertEquals(409, client.post("s/claim", "{\"worker\":\"w\"}").status(), "the lease is held still");
    }

    @Test
    void there_are_1000_subscriptions_at_most() throws Exception {
        byte[] body = pullWake().getBytes(StandardCharsets.UTF_8);
        try (Wire wire = server.wire()) {
            for (int i = 0; i < 1_000; i++) {
                assertEquals(
                        201,
                        wire.request("PUT", SUBSCRIPTIONS + i, body).answer().status());
            }
        }

        assertProblem(409, "LIMIT_REACHED", "this server keeps 1000 subscriptions", client.put("s", pullWake()));
        assertEquals(200, client.put("7", pullWake()).status(), "one of them is confirmed");
        server.request("DELETE", SUBSCRIPTIONS + "7");
        assertEquals(201, client.put("s", pullWake()).status());
    }

    @Test
    void a_broken_store_is_500_in_the_protocols_shape() throws Exception {
        client.pullWake("s");
        server.store().close();

        Answer answer = client.put("t", pullWake());

        assertEquals(500, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"error\":{\"code\":\"STORAGE_FAILED\",\"message\":\""), answer.body());
        assertFalse(answer.body().contains(directory.toString()), answer.body());
    }
}
