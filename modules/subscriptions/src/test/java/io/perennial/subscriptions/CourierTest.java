package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CourierTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final byte[] BODY = "{\"wake_id\":\"w_é\"}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "t=1,kid=ds_x,ed25519=y";
    private static final Resolver LOOPBACK = _ -> List.of(InetAddress.getLoopbackAddress());

    private final Courier courier = new Courier(4, new Destinations(LocalWebhooks.ALLOWED, LOOPBACK));

    @Test
    void a_call_is_a_signed_post_of_json() throws Exception {
        try (Hook hook = Hook.saying(Hook.answer("200 OK", "{}"))) {
            send(hook.url("/hooks/a?b=c"));
            String[] request = hook.request().split("\r\n\r\n", 2);
            List<String> head = request[0].lines().toList();
            assertEquals("POST /hooks/a?b=c HTTP/1.1", head.getFirst());
            assertEquals(
                    new TreeSet<>(List.of(
                            "Connection: close",
                            "Content-Length: " + BODY.length,
                            "Content-Type: application/json",
                            "Host: localhost:" + hook.port(),
                            "User-Agent: Perennial",
                            "Webhook-Signature: " + SIGNATURE)),
                    new TreeSet<>(head.subList(1, head.size())));
            assertEquals(new String(BODY, StandardCharsets.UTF_8), request[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "?q, /?q",
        "/a/?, /a/?",
        "/a%20b, /a%20b",
        "/a%2Fb, /a%2Fb",
        "/a%2fb%25, /a%2fb%25",
        "/a+b, /a+b",
        "//a///b, //a///b",
        "/a/../b/./c, /a/../b/./c",
        "/a;b=c/d;e, /a;b=c/d;e",
        "/x?a=b+c&a=%26&d&=&a=%20, /x?a=b+c&a=%26&d&=&a=%20",
        "/x?a=1?b=2, /x?a=1?b=2",
        "/é?ü, /%C3%A9?%C3%BC",
        "/x%0D%0AEvil:%201, /x%0D%0AEvil:%201",
        "/x%20HTTP/1.1%0D%0AEvil:%201%0D%0A%0D%0A, /x%20HTTP/1.1%0D%0AEvil:%201%0D%0A%0D%0A",
        "/x?%0D%0AEvil:%201, /x?%0D%0AEvil:%201",
        // Their last bytes are CR and LF.
        "/\u010d\u010aEvil:1, /%C4%8D%C4%8AEvil:1",
    })
    void the_target_is_what_the_url_says_and_nothing_else(String asked, String target) throws Exception {
        try (Hook hook = Hook.saying(Hook.answer("204 No Content", ""))) {
            URI url = URI.create("http://localhost:" + hook.port() + asked);
            assertInstanceOf(Exchange.Accepted.class, send(url));
            List<String> head = hook.request().lines().toList();
            assertEquals("POST " + target + " HTTP/1.1", head.getFirst());
            assertTrue(head.stream().noneMatch(line -> line.startsWith("Evil")), head::toString);
        }
    }

    @Test
    void a_url_may_be_written_in_capitals() throws Exception {
        try (Hook hook = Hook.saying(Hook.answer("200 OK", "{\"done\":true}"))) {
            assertEquals(new Exchange.Done(), send(URI.create("HTTP://LOCALHOST:" + hook.port() + "/A")));
            assertTrue(hook.request().startsWith("POST /A HTTP/1.1\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"done\":true}",
                " {\n\"other\": {\"done\": false}, \"done\" : true } ",
                "{\"done\":false,\"done\":true}"
            })
    void done_is_done(String body) throws Exception {
        assertEquals(new Exchange.Done(), answered(Hook.answer("200 OK", body)));
        assertEquals(new Exchange.Done(), answered(Hook.answer("202 Accepted", body)));
    }

    @Test
    void done_is_done_in_chunks_and_up_to_the_end_of_the_connection() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assertEquals(new Exchange.Done(), answered(chunked + "6\r\n{\"done\r\n7\r\n\":true}\r\n0\r\n\r\n"));
        try (Hook hook = Hook.endingWith("HTTP/1.1 200 OK\r\n\r\n{\"done\":true}")) {
            assertEquals(new Exchange.Done(), send(hook.url("/")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"done\":false}",
                "{\"done\":\"true\"}",
                "{\"done\":1}",
                "{\"done\":null}",
                "{\"Done\":true}",
                "{\"a\":{\"done\":true}}",
                "[{\"done\":true}]",
                "true",
                "null",
                "ok",
                "<html></html>",
                "{\"done\":true",
                "{\"done\":",
                "\u00ff\u00fe\u00fd",
            })
    void any_other_success_has_taken_the_wake(String body) throws Exception {
        assertEquals(new Exchange.Accepted(), answered(Hook.answer("200 OK", body)));
        assertEquals(new Exchange.Accepted(), answered(Hook.answer("299 Odd", body)));
    }

    @Test
    void an_answer_without_content_has_taken_the_wake() throws Exception {
        assertEquals(new Exchange.Accepted(), answered("HTTP/1.1 204 No Content\r\n\r\n"));
    }

    @Test
    void json_of_any_depth_is_only_not_done() throws Exception {
        for (String open : List.of("[", "{\"a\":", "{\"done\":[")) {
            String deep = open.repeat(60_000 / open.length());
            assertEquals(new Exchange.Accepted(), answered(Hook.answer("200 OK", deep)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 409, 410, 429, 500, 501, 503, 599})
    void any_other_status_has_not(int status) throws Exception {
        Exchange answer = answered(Hook.answer(status + " Whatever", "{\"done\":true}"));
        assertEquals(new Exchange.Refused("status " + status), answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 504})
    void of_a_gateway_that_lost_the_call_nothing_is_known(int status) throws Exception {
        Exchange answer = answered(Hook.answer(status + " Whatever", "{\"done\":true}"));
        assertEquals(new Exchange.Unknown("status " + status), answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 103})
    void of_an_interim_answer_nothing_is_known(int status) throws Exception {
        Exchange answer = answered("HTTP/1.1 " + status + " Wait\r\n\r\n" + Hook.answer("200 OK", ""));
        assertEquals(new Exchange.Unknown("status " + status), answer);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_not_followed(int status) throws Exception {
        try (Hook elsewhere = Hook.saying(Hook.answer("200 OK", "{\"done\":true}"));
                Hook hook = Hook.saying("HTTP/1.1 " + status + " Moved\r\nLocation: " + elsewhere.url("/")
                        + "\r\nContent-Length: 0\r\n\r\n")) {
            assertEquals(new Exchange.Refused("status " + status), send(hook.url("/")));
            hook.awaitEnd();
            assertFalse(elsewhere.hasRequests());
        }
    }

    @Test
    void every_call_has_a_connection_of_its_own() throws Exception {
        try (Hook hook = Hook.saying("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}")) {
            for (int i = 0; i < 3; i++) {
                assertEquals(new Exchange.Accepted(), send(hook.url("/")));
                hook.awaitEnd();
            }
        }
    }

    @Test
    void nobody_there_has_not_taken_it() throws Exception {
        int free;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = taken.getLocalPort();
        }
        assertInstanceOf(Exchange.Refused.class, send(URI.create("http://localhost:" + free + "/")));
    }

    @Test
    void an_unknown_host_has_not_taken_it() {
        Courier lost = new Courier(1, new Destinations(LocalWebhooks.ALLOWED, host -> {
            throw new UnknownHostException(host);
        }));
        assertInstanceOf(Exchange.Refused.class, send(lost, URI.create("https://worker.example/"), LONG));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:", "http://127.0.0.1:", "http://worker.example:", "https://worker.example:"})
    void what_may_not_be_called_is_not(String origin) throws Exception {
        Courier careful = new Courier(1, new Destinations(LocalWebhooks.REFUSED, LOOPBACK));
        try (Hook hook = Hook.saying(Hook.answer("200 OK", ""))) {
            assertInstanceOf(Exchange.Refused.class, send(careful, URI.create(origin + hook.port() + "/"), LONG));
            // A connection of the test's own is the first that came.
            send(hook.url("/mine"));
            assertTrue(hook.request().startsWith("POST /mine "));
        }
    }

    // Without the look before it, a good quarter of the connections would be made.
    @RepeatedTest(20)
    void a_call_that_was_given_up_while_it_looked_for_the_address_is_never_made() throws Exception {
        var looking = new CompletableFuture<Thread>();
        var isGivenUp = new CompletableFuture<Void>();
        Courier slow = new Courier(1, new Destinations(LocalWebhooks.ALLOWED, host -> {
            looking.complete(Thread.currentThread());
            // Goes on through an interrupt, and keeps it.
            isGivenUp.join();
            return LOOPBACK.addresses(host);
        }));
        try (Hook hook = Hook.saying(Hook.answer("200 OK", ""))) {
            FutureTask<Exchange> call =
                    new FutureTask<>(() -> send(slow, hook.url("/given-up"), Duration.ofMillis(20)));
            Thread.startVirtualThread(call);
            Thread caller = looking.get(LONG.toSeconds(), TimeUnit.SECONDS);
            assertInstanceOf(Exchange.Unknown.class, call.get(LONG.toSeconds(), TimeUnit.SECONDS));
            isGivenUp.complete(null);
            assertTrue(caller.join(LONG));
            send(hook.url("/mine"));
            assertTrue(hook.request().startsWith("POST /mine "));
        }
    }

    private Exchange answered(String answer) throws Exception {
        try (Hook hook = Hook.saying(answer)) {
            Exchange exchange = send(hook.url("/"));
            hook.awaitEnd();
            return exchange;
        }
    }

    private Exchange send(URI url) {
        return send(courier, url, LONG);
    }

    private static Exchange send(Courier courier, URI url, Duration patience) {
        return courier.send(url, BODY, SIGNATURE, patience);
    }
}
