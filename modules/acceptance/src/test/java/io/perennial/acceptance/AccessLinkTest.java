package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How browsers are let in: by links, and by their pages' origins.
@Timeout(120)
class AccessLinkTest {
    @AutoClose
    private final Machine machine = new Machine();

    private Server closed(String... flags) throws Exception {
        String[] all = new String[flags.length + 1];
        all[0] = "--require-auth";
        System.arraycopy(flags, 0, all, 1, flags.length);
        return machine.server(all);
    }

    private static void append(Server server, String token, String session, String event) throws Exception {
        HttpResponse<String> answer = server.client().post(session, event, AccessTest.by(token));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    private static String link(Server server, String token, String body) throws Exception {
        HttpResponse<String> made = server.client().send("POST", "/access-links", body, AccessTest.by(token));
        assertEquals(201, made.statusCode(), made.body());
        return "&access=" + Client.json(made.body()).asJsonObject().getString("access");
    }

    @Test
    void a_link_reads_what_it_says_for_as_long_as_it_says_and_its_maker_is_there() throws Exception {
        String writer = machine.token("writer", "--allow", "append:**", "--allow", "create:**");
        String maker = machine.token(
                "maker", "--allow", "admin:access-links", "--allow", "read:sessions/**", "--expires", "PT1H");
        Server server = closed("--access-log", "-");
        Client client = server.client();
        append(server, writer, "s", "1");
        append(server, writer, "t", "2");
        String link = link(server, maker, "{\"paths\":\"sessions/s\",\"expires\":\"P7D\"}");
        String url = "/stream/events?sessionId=s" + link;
        assertEquals(200, client.get(url).statusCode());
        assertEquals(200, client.get("/v1/stream/sessions/s?offset=-1" + link).statusCode());
        assertEquals(403, client.get("/stream/events?sessionId=t" + link).statusCode());
        assertEquals(401, client.send("POST", url, "3").statusCode());
        assertEquals(401, client.get(url + "x").statusCode());
        assertEquals(401, client.get(url.replace(".", "%2E.")).statusCode());
        String signature = link.substring(link.indexOf('.'));
        String other = link(server, maker, "{\"paths\":\"sessions/t\"}");
        assertEquals(
                401,
                client.get("/stream/events?sessionId=t" + other.substring(0, other.indexOf('.')) + signature)
                        .statusCode());
        assertEquals(
                403,
                client.send("POST", "/access-links", "{\"paths\":\"**\"}", AccessTest.by(maker))
                        .statusCode());
        String bound = link(server, maker, "{\"paths\":\"sessions/s\",\"origin\":\"http://localhost:5173\"}");
        String of = "/stream/events?sessionId=s" + bound;
        assertEquals(401, client.get(of).statusCode());
        assertEquals(401, client.get(of, "Origin", "http://localhost:5174").statusCode());
        assertEquals(200, client.get(of, "Origin", "http://localhost:5173").statusCode());

        try (EventStream follower = EventStream.open(server.url(), url + "&live=true")) {
            assertEquals("1", follower.next().stored().event().toString());
            follower.next();
            machine.revoke("maker");
            follower.takeEnd();
        }
        assertEquals(401, client.get(url).statusCode());
        Eventually.holds("it is logged", () -> server.process().out().contains("link:token:maker ["));
        assertFalse(server.process().out().contains(signature), "the access log tells a link");
        assertTrue(
                server.process().out().contains("&access=*** HTTP/1.1"),
                server.process().out());
    }

    @Test
    void pages_of_other_sites_are_refused_and_those_of_this_machine_are_not() throws Exception {
        Client client = machine.server().client();
        for (String origin : List.of("http://localhost:5173", "http://127.0.0.1", "https://[::1]:1")) {
            HttpResponse<String> answer = client.get("/v1/stream/__registry__", "Origin", origin);
            assertEquals(
                    origin,
                    answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
            assertTrue(answer.headers()
                    .firstValue("Access-Control-Allow-Credentials")
                    .isEmpty());
        }
        for (String origin : List.of(
                "https://evil.example",
                "http://localhost.evil.example",
                "http://evil.example/localhost",
                "http://localhost@evil.example",
                "null",
                "file://localhost",
                "localhost")) {
            assertEquals(
                    403, client.get("/v1/stream/__registry__", "Origin", origin).statusCode(), origin);
        }
        Client listing = machine.server(
                        "--data-dir", machine.otherData("other"), "--allowed-origins", "https://app.example")
                .client();
        assertEquals(
                "true",
                listing.get("/v1/stream/__registry__", "Origin", "https://app.example")
                        .headers()
                        .firstValue("Access-Control-Allow-Credentials")
                        .orElse(""));
        assertEquals(
                403,
                listing.get("/v1/stream/__registry__", "Origin", "http://localhost:1")
                        .statusCode());
    }

    @Test
    void a_site_whose_domain_points_here_is_none_of_ours() throws Exception {
        Server server = machine.server("--public-url", "https://streams.example");
        for (String host :
                List.of("localhost", "127.0.0.1:4437", "[::1]:4437", "[::1]", "app.localhost", "STREAMS.example:8")) {
            assertEquals(200, asked(server, "GET", "/streams", host).status(), host);
        }
        for (String host : List.of(
                "evil.example", "evil.example:4437", "localhost.evil.example", "127.0.0.1.evil.example", "evil")) {
            for (String path :
                    List.of("/streams", "/", "/observe/metrics", "/admin/backup", "/v1/stream/a", "/event")) {
                assertEquals(421, asked(server, "GET", path, host).status(), host + path);
            }
            assertEquals(
                    421,
                    asked(server, "DELETE", "/v1/stream/a", host, "Origin", "http://" + host)
                            .status());
        }
        Server meant = machine.server("--data-dir", machine.otherData("meant"), "--insecure-open");
        assertEquals(200, asked(meant, "GET", "/streams", "any.example").status());
    }

    private static Wire.Answer asked(Server server, String method, String path, String host, String... headers)
            throws Exception {
        return Wire.exchange(
                server.url(), Wire.request(method, path, headers).replace("Host: localhost", "Host: " + host));
    }

    @Test
    void the_pages_of_others_register_no_server_and_nobody_takes_the_servers_own_lease() throws Exception {
        Server server = machine.server();
        String lease = "{\"id\":\"" + server.id() + "\",\"url\":\"http://127.0.0.1:9\",\"port\":9,\"pid\":1}";
        Client client = server.client();
        assertEquals(
                403,
                client.send("POST", "/servers", lease, "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(403, client.send("POST", "/servers", lease).statusCode());
        assertEquals(403, client.send("DELETE", "/servers/" + server.id(), "").statusCode());
        assertEquals(
                403,
                client.send("POST", "/access-links", "{\"paths\":\"**\"}", "Origin", "https://evil.example")
                        .statusCode());
        assertEquals(List.of(server.id()), client.servers());
    }

    @Test
    void an_origin_in_a_browsers_spelling_is_taken_and_let_in() throws Exception {
        String maker = machine.token("maker", "--allow", "admin:access-links", "--allow", "read:**");
        Server server = closed("--allowed-origins", "*");
        for (String origin : List.of(
                "https://app.example",
                "http://app.example:8080",
                "https://app.example:80",
                "http://localhost:5173",
                "http://127.0.0.1:443",
                "https://[2001:db8::1]:8443",
                "chrome-extension://abcdefghijklmnop")) {
            String link = link(server, maker, "{\"paths\":\"**\",\"origin\":\"" + origin + "\"}");
            String url = "/stream/events?sessionId=s" + link;
            assertEquals(200, server.client().get(url, "Origin", origin).statusCode(), origin);
            assertEquals(401, server.client().get(url, "Origin", origin + "1").statusCode(), origin);
        }
    }

    @Test
    void an_origin_in_another_spelling_is_refused_with_the_rule() throws Exception {
        Server server = machine.server();
        for (String origin : List.of(
                "",
                "null",
                "*",
                "localhost",
                "app.example",
                "https://",
                "https://app.example/",
                "https://app.example/page",
                "https://app.example?",
                "https://app.example#",
                "https://app.example:443",
                "http://app.example:80",
                "https://app.example:",
                "https://app.example:0",
                "https://app.example:08",
                "https://app.example:65536",
                "https://app.example:99999999999",
                "HTTPS://app.example",
                "https://App.example",
                "https://[2001:DB8::1]",
                "https://me@app.example",
                "https://*.example",
                "https://b\u00fccher.example",
                " https://app.example",
                "https://app.example\\n",
                "https://app.example, https://other.example")) {
            HttpResponse<String> answer =
                    server.client().send("POST", "/access-links", "{\"paths\":\"**\",\"origin\":\"" + origin + "\"}");
            assertEquals(400, answer.statusCode(), origin);
            assertTrue(
                    answer.body().contains("\"InvalidLink\"") && answer.body().contains("scheme://host:port"),
                    answer.body());
        }
    }

    @Test
    void the_command_line_makes_one() throws Exception {
        Server server = machine.server();
        server.client().append("s", "1");
        machine.with("PERENNIAL_URL", server.url().toString());
        Perennial link = machine.run("link", "sessions/s", "--expires", "PT1M");
        assertEquals(0, link.exitCode(), link.err());
        assertTrue(link.out().matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}\n"), link.out());
        assertTrue(machine.run("link", "sessions/s", "--expires", "P8D")
                .onlyLine(1)
                .contains("P7D"));
        assertEquals(
                0,
                machine.run("link", "sessions/s", "--origin", "https://app.example")
                        .exitCode());
        String refused = machine.run("link", "sessions/s", "--origin", "https://app.example/")
                .onlyLine(1);
        assertTrue(refused.contains("no slash at its end"), refused);
    }

    @Test
    void a_link_that_was_made_while_everybody_was_let_in_is_none_once_they_are_not() throws Exception {
        Server open = machine.server();
        open.client().append("s", "1");
        HttpResponse<String> made = open.client().send("POST", "/access-links", "{\"paths\":\"sessions/*\"}");
        assertEquals(201, made.statusCode());
        String url = "/stream/events?sessionId=s&access="
                + Client.json(made.body()).asJsonObject().getString("access");
        assertEquals(200, open.client().get(url).statusCode());
        open.stop();
        assertEquals(401, closed().client().get(url).statusCode());
    }
}
