package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is written down of who did what, and who was kept from it.
@Timeout(120)
class AuditTest {
    @AutoClose
    private final Machine machine = new Machine();

    private static String[] by(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private static List<String> audit(Server server) {
        return server.process()
                .err()
                .lines()
                .filter(line -> line.contains(" audit."))
                .map(line -> line.substring(line.indexOf(" audit.") + 1))
                .toList();
    }

    @Test
    void creations_deletions_refusals_and_changes_of_tokens_are_a_line_each_and_tell_no_secret() throws Exception {
        String token =
                machine.token("worker", "--allow", "create:**", "--allow", "delete:jobs/*", "--allow", "append:**");
        Server server = machine.server("--require-auth");
        Client client = server.client();
        assertEquals(201, client.send("PUT", "/v1/stream/jobs/1", "", by(token)).statusCode());
        assertEquals(200, client.send("PUT", "/v1/stream/jobs/1", "", by(token)).statusCode());
        assertEquals(201, client.post("s", "1", by(token)).statusCode());
        assertEquals(201, client.post("s", "2", by(token)).statusCode());
        assertEquals(
                204, client.send("DELETE", "/v1/stream/jobs/1", "", by(token)).statusCode());
        assertEquals(
                403, client.send("DELETE", "/v1/stream/other", "", by(token)).statusCode());
        assertEquals(
                403,
                client.send("DELETE", "/servers/x%0Aaudit.token-created%20name=root", "", by(token))
                        .statusCode());
        assertEquals(401, client.get("/streams?access=secret-link").statusCode());
        assertEquals(401, client.get("/streams", by("perennial_wrong")).statusCode());
        machine.token("late", "--allow", "read:**", "--allow", "admin:metrics");
        machine.revoke("worker");
        Eventually.holds("all is written down", () -> audit(server).size() == 9);
        String known = " by=token:worker address=127.0.0.1";
        List<String> lines = audit(server);
        assertEquals(
                List.of(
                        "audit.created stream=jobs/1" + known,
                        "audit.created stream=sessions/s" + known,
                        "audit.deleted stream=jobs/1" + known,
                        "audit.refused status=403 method=DELETE path=/v1/stream/other" + known
                                + " reason=the permission delete:other is missing"),
                lines.subList(0, 4));
        assertTrue(lines.get(4).startsWith("audit.refused status=403 method=DELETE path=/servers/x%0A"), lines.get(4));
        assertTrue(lines.get(5).startsWith("audit.refused status=401 method=GET path=/streams by=- address=127"));
        assertTrue(lines.get(6).startsWith("audit.refused status=401 method=GET path=/streams by=- address=127"));
        assertEquals(
                List.of("audit.token-created name=late allow=read:**,admin:metrics", "audit.token-revoked name=worker"),
                lines.subList(7, 9).stream().sorted().toList());
        String all = server.process().err();
        assertFalse(all.contains(token.substring(24)) || all.contains("secret-link") || all.contains("_wrong"), all);
    }

    @Test
    void what_is_refused_for_another_reason_than_a_permission_is_a_line_too() throws Exception {
        String token = machine.token("worker", "--allow", "append:**", "--allow", "registry:**");
        Server server = machine.server("--require-auth", "--token-requests-per-second", "3");
        Client client = server.client();
        String own = "/servers/" + server.id();
        assertEquals(
                403,
                client.send("POST", "/v1/stream/__registry__", "1", by(token)).statusCode());
        assertEquals(403, client.send("DELETE", own, "", by(token)).statusCode());
        Eventually.holds(
                "too many",
                () -> client.send("DELETE", "/servers/none", "", by(token)).statusCode() == 429);
        HttpResponse<String> foreign = client.get("/stream/events?sessionId=s", "Origin", "https://other.example");
        assertEquals(403, foreign.statusCode());
        String ack = "/v1/stream/__ds/subscriptions/s/ack";
        assertEquals(401, client.send("POST", ack, "{}", by("x")).statusCode());
        List<String> expected = List.of(
                "403 method=POST path=/v1/stream/__registry__ by=token:worker",
                "403 method=DELETE path=" + own + " by=token:worker",
                "429 method=DELETE path=/servers/none by=token:worker",
                "403 method=GET path=/stream/events by=-",
                "401 method=POST path=" + ack + " by=-");
        Eventually.holds("all is written down", () -> audit(server).size() == expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(
                    audit(server).get(i).startsWith("audit.refused status=" + expected.get(i)),
                    audit(server).get(i));
        }
    }

    @Test
    void a_token_of_a_certificate_is_written_down_with_its_name() throws Exception {
        Server server = machine.server("--require-auth");
        machine.token("service", "--certificate", "dns:a.example", "--allow", "read:**");
        Eventually.holds("it is written down", () -> audit(server).size() == 1);
        assertEquals(
                "audit.token-created name=service allow=read:** certificate=dns:a.example",
                audit(server).getFirst());
    }

    @Test
    void a_token_a_jwt_and_their_links_are_told_apart_where_they_have_one_name() throws Exception {
        Issuer issuer = Issuer.withKey("k1");
        String[] allowed = {"read:sessions/*", "admin:access-links"};
        String token = machine.token("alice", "--allow", allowed[0], "--allow", allowed[1]);
        Server server = machine.server(
                "--require-auth",
                "--access-log",
                "-",
                "--jwt-issuer",
                Issuer.NAME,
                "--jwt-audience",
                Issuer.AUDIENCE,
                "--jwt-keys",
                machine.file("jwks.json", issuer.jwks()).toString());
        Client client = server.client();
        for (String[] alice : List.of(by(token), issuer.bearer(Instant.now().plusSeconds(600), allowed))) {
            assertEquals(403, client.get("/v1/stream/other", alice).statusCode());
            HttpResponse<String> link = client.send("POST", "/access-links", "{\"paths\":\"sessions/*\"}", alice);
            String access = Client.json(link.body()).asJsonObject().getString("access");
            assertEquals(403, client.get("/v1/stream/other?access=" + access).statusCode());
        }
        List<String> names = List.of("token:alice", "link:token:alice", "jwt:alice", "link:jwt:alice");
        Eventually.holds("all is written down", () -> audit(server).size() == names.size());
        assertEquals(
                names,
                audit(server).stream()
                        .map(line -> line.replaceAll(".* by=(\\S+) .*", "$1"))
                        .toList());
        for (String name : names) {
            Eventually.holds(name, () -> server.process().out().contains(" - " + name + " ["));
        }
    }

    @Test
    void an_address_is_written_down_whole() throws Exception {
        Server server = machine.server("--require-auth", "--trusted-proxies", "127.0.0.1");
        server.client().get("/streams", "X-Forwarded-For", "2001:db8:1:2:3:4:5:6");
        Eventually.holds(
                "it is written down",
                () -> audit(server).stream().anyMatch(line -> line.contains(" address=2001:db8:1:2:3:4:5:6 ")));
    }

    @Test
    void whoever_knocks_without_end_fills_no_disk() throws Exception {
        Server server = machine.server("--require-auth");
        for (int i = 0; i < 2_000; i++) {
            assertEquals(401, server.client().get("/streams").statusCode());
        }
        long lines = audit(server).size();
        Eventually.holds(
                "the others are counted",
                () -> server.client().get("/streams").statusCode() == 401
                        && audit(server).stream()
                                .anyMatch(line -> line.startsWith("audit.refused-more status=401 count=")));
        assertTrue(lines < 1_900, lines + " lines");
    }

    @Test
    void whoever_knocks_without_end_hides_nobody_who_is_known() throws Exception {
        String token = machine.token("low", "--allow", "read:mine");
        Server server = machine.server("--require-auth");
        String knock = Wire.request("GET", "/event", "Origin", "https://other.example");
        String probe = Wire.request("GET", "/v1/stream/theirs", by(token)[0], by(token)[1]);
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(knock.repeat(150) + probe);
            for (int i = 0; i <= 150; i++) {
                assertEquals(403, wire.answer().status());
            }
        }
        Eventually.holds(
                "who is known is written down",
                () -> audit(server).stream().anyMatch(line -> line.contains("by=token:low")));
        Eventually.holds(
                "the others are counted, though nobody comes after them",
                () -> audit(server).stream().anyMatch(line -> line.startsWith("audit.refused-more status=403 ")));
    }

    @Test
    void an_open_server_has_nobody_to_write_down() throws Exception {
        Server server = machine.server();
        server.client().append("s", "1");
        server.stop();
        assertEquals(List.of(), audit(server));
    }
}
