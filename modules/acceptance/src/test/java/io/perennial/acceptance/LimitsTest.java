package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What one caller may ask for, and what becomes of the others meanwhile.
@Timeout(120)
class LimitsTest {
    @AutoClose
    private final Machine machine = new Machine();

    private static String[] by(String token, String... more) {
        List<String> headers = new ArrayList<>(List.of(more));
        headers.addAll(List.of("Authorization", "Bearer " + token));
        return headers.toArray(String[]::new);
    }

    private static HttpResponse<String> refused(HttpResponse<String> answer, String rule) {
        assertEquals(429, answer.statusCode(), answer.body());
        assertTrue(
                answer.body().contains("\"TooManyRequests\"") && answer.body().contains(rule), answer.body());
        assertTrue(Long.parseLong(answer.headers().firstValue("Retry-After").orElse("")) >= 1);
        return answer;
    }

    // One more may have become free just now.
    private static void refusedSoon(Callable<HttpResponse<String>> request, String rule) throws Exception {
        HttpResponse<String> answer = request.call();
        for (int i = 0; i < 100 && answer.statusCode() != 429; i++) {
            answer = request.call();
        }
        refused(answer, rule);
    }

    // Within a second, so that no more than that of it comes back meanwhile.
    private static int takenOf(Client client, int most, String... headers) throws Exception {
        int taken = 0;
        for (int i = 0; i < most; i++) {
            if (client.get("/streams", headers).statusCode() == 200) {
                taken++;
            }
        }
        return taken;
    }

    @Test
    void a_token_that_asks_too_often_waits_and_the_others_do_not() throws Exception {
        String busy = machine.token("busy", "--allow", "read:**");
        String calm = machine.token("calm", "--allow", "read:**");
        Client client = machine.server("--require-auth", "--token-requests-per-second", "20")
                .client();
        int taken = takenOf(client, 60, by(busy));
        assertTrue(taken >= 20 && taken < 60, taken + " were taken");
        refusedSoon(() -> client.get("/streams", by(busy)), "a token may ask for 20 requests a second");
        assertEquals(200, client.get("/streams", by(calm)).statusCode());
        Eventually.holds("it may again", () -> client.get("/streams", by(busy)).statusCode() == 200);
    }

    @Test
    void an_address_is_that_of_the_connection_unless_a_proxy_is_believed() throws Exception {
        Client client = machine.server("--address-requests-per-second", "5").client();
        for (int i = 0; i < 100; i++) {
            client.get("/streams", "X-Forwarded-For", "10.0.0." + i);
        }
        refusedSoon(() -> client.get("/streams", "Forwarded", "for=10.1.2.3"), "an address may ask for 5");

        Client behind = machine.server(
                        "--data-dir",
                        machine.otherData("behind"),
                        "--address-requests-per-second",
                        "5",
                        "--trusted-proxies",
                        "127.0.0.0/8,10.9.0.0/16")
                .client();
        for (int i = 0; i < 100; i++) {
            behind.get("/streams", "X-Forwarded-For", "6.6.6.6, 10.0.0.1, 10.9.1.1");
        }
        refusedSoon(() -> behind.get("/streams", "X-Forwarded-For", "7.7.7.7, 10.0.0.1"), "an address");
        refusedSoon(() -> behind.get("/streams", "Forwarded", "for=8.8.8.8, for=\"10.0.0.1:1234\""), "an address");
        for (int i = 0; i < 100; i++) {
            behind.get("/streams", "X-Forwarded-For", "10.0.7." + i, "Forwarded", "for=10.0.8." + i);
            behind.get("/streams", "Forwarded", "x" + i);
        }
        refusedSoon(() -> behind.get("/streams", "X-Forwarded-For", "10.0.7.1", "Forwarded", "x"), "an address");
        assertEquals(200, behind.get("/streams", "X-Forwarded-For", "10.0.0.2").statusCode());
        assertEquals(
                200,
                behind.get("/streams", "Forwarded", "for=\"[2001:db8::1]:80\"").statusCode());
    }

    @Test
    void what_is_refused_for_its_origin_or_method_counts_for_an_address() throws Exception {
        for (String[] refused : List.of(new String[] {"GET", "https://other.example"}, new String[] {"PATCH", ""})) {
            Client client = machine.server(
                            "--data-dir", machine.otherData(refused[0]), "--address-requests-per-second", "5")
                    .client();
            Eventually.holds(
                    "too many",
                    () -> (refused[1].isEmpty()
                                            ? client.send(refused[0], "/event", "")
                                            : client.send(refused[0], "/event", "", "Origin", refused[1]))
                                    .statusCode()
                            == 429);
        }
    }

    @Test
    void a_host_takes_no_more_with_the_many_addresses_that_ipv6_gives_it() throws Exception {
        Client client = machine.server("--address-requests-per-second", "5", "--trusted-proxies", "127.0.0.1")
                .client();
        for (int i = 0; i < 100; i++) {
            client.get("/streams", "X-Forwarded-For", "2001:db8:1:2::" + i);
            client.get("/streams", "X-Forwarded-For", "::ffff:10.0.0.1");
        }
        refusedSoon(() -> client.get("/streams", "X-Forwarded-For", "2001:db8:1:2:3:4:5:6"), "an address may ask for");
        refusedSoon(() -> client.get("/streams", "X-Forwarded-For", "10.0.0.1"), "an address may ask for 5");
        assertEquals(
                200,
                client.get("/streams", "X-Forwarded-For", "2001:db8:1:3::1").statusCode());
    }

    @Test
    void who_appends_too_much_waits_until_it_is_paid_back() throws Exception {
        Client client =
                machine.server("--address-append-bytes-per-second", "1000").client();
        String large = "\"" + "x".repeat(2_500) + "\"";
        assertEquals(201, client.post("s", large).statusCode());
        HttpResponse<String> refused = refused(client.post("s", "1"), "1000 bytes a second");
        // A second and a half, and what has passed meanwhile.
        assertTrue(refused.headers().firstValue("Retry-After").orElse("").matches("[12]"));
        assertEquals(
                429,
                client.send("POST", "/v1/stream/sessions/s", "1", "Content-Type", "application/json")
                        .statusCode());
        assertEquals(200, client.get(Client.path("s")).statusCode());
        Eventually.holds("it is paid back", () -> client.post("s", "2").statusCode() == 201);
        assertEquals(2, client.readAll("s", "-1").size());
    }

    @Test
    void followers_are_counted_by_caller_and_make_room_when_they_go() throws Exception {
        String one = machine.token("one", "--allow", "read:**");
        String two = machine.token("two", "--allow", "read:**");
        Server server = machine.server("--require-auth", "--token-followers", "2", "--heartbeat", "PT0.1S");
        String live = Client.live("s");
        try (EventStream _ = EventStream.open(server.url(), live, by(one))) {
            try (EventStream _ = EventStream.open(server.url(), "/event", by(one))) {
                refused(server.client().get(live, by(one)), "2 live answers at once");
                try (EventStream other = EventStream.open(server.url(), live, by(two))) {
                    other.takeCaughtUp("-1");
                }
            }
            Eventually.holds("there is room", () -> {
                try (Wire wire = Wire.connect(server.url())) {
                    wire.send(Wire.request("GET", live, by(one)));
                    return wire.head().status() == 200;
                }
            });
        }
    }

    @Test
    void subscriptions_are_counted_by_who_made_them() throws Exception {
        String[] grants = {
            "--allow", "subscribe:**", "--allow", "read:**", "--allow", "create:**", "--allow", "append:**"
        };
        String one = machine.token("one", grants);
        String two = machine.token("two", grants);
        Client client =
                machine.server("--require-auth", "--token-subscriptions", "1").client();
        assertEquals(201, client.send("PUT", "/v1/stream/wakes", "", by(one)).statusCode());
        assertEquals(201, subscribe(client, "s", one).statusCode());
        HttpResponse<String> refused = subscribe(client, "t", one);
        assertEquals(409, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains("LIMIT_REACHED"), refused.body());
        assertEquals(201, subscribe(client, "t", two).statusCode());
    }

    private static HttpResponse<String> subscribe(Client client, String id, String token) throws Exception {
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"jobs/*\",\"wake_stream\":\"wakes\"}";
        return client.send(
                "PUT", "/v1/stream/__ds/subscriptions/" + id, spec, by(token, "Content-Type", "application/json"));
    }

    @Test
    void what_is_no_proxy_stops_the_start() throws Exception {
        for (String proxies : List.of("10.0.0.0/33", "proxy.example", "1.2.3.4,", "::1/-1")) {
            String line = machine.serve("--trusted-proxies=" + proxies).onlyLine(2);
            assertTrue(line.contains("limits.trusted-proxies") && line.contains(proxies), line);
        }
    }
}
