package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CourierTest {
    private static final byte[] BODY = "{\"é\":1}".getBytes(StandardCharsets.UTF_8);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Exchange ACCEPTED = new Exchange.Accepted();

    @AutoClose
    private final Receiver receiver = new Receiver();

    private Courier courier = new Courier(8, InetAddress::getByName);

    CourierTest() throws IOException {}

    private Future<Exchange> sent(URI url, Duration patience) {
        return Eventually.start(() -> courier.send(url, BODY, "t=1,kid=k,ed25519=s", patience));
    }

    private Future<Exchange> sent() {
        return sent(receiver.url(), Eventually.LONG);
    }

    private Exchange answered(String raw) throws Exception {
        Future<Exchange> sent = sent();
        Receiver.Call call = receiver.take();
        call.send(raw);
        call.hangUp();
        return Eventually.result(sent);
    }

    private Exchange answered(int status, String body) throws Exception {
        Future<Exchange> sent = sent();
        receiver.take().answer(status, body);
        return Eventually.result(sent);
    }

    @Test
    void a_call_is_one_post_with_exactly_these_headers() throws Exception {
        Future<Exchange> sent = sent(URI.create(receiver.url() + "?a=b%20c&d=%2F%C3%A9+%0D%0AX:y"), Eventually.LONG);
        Receiver.Call call = receiver.take();
        call.answer(204, "");

        List<String> lines = call.head().lines().filter(line -> !line.isEmpty()).toList();
        assertEquals("POST /hook?a=b%20c&d=%2F%C3%A9+%0D%0AX:y HTTP/1.1", lines.getFirst());
        assertEquals(
                List.of(
                        "connection: close",
                        "content-length: " + BODY.length,
                        "content-type: application/json",
                        "host: 127.0.0.1:" + receiver.port(),
                        "user-agent: perennial",
                        "webhook-signature: t=1,kid=k,ed25519=s"),
                lines.stream()
                        .skip(1)
                        .map(line -> line.toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList());
        assertArrayEquals(BODY, call.body());
        assertEquals(ACCEPTED, Eventually.result(sent));
    }

    @Test
    void a_url_without_a_path_has_the_shortest() throws Exception {
        Future<Exchange> sent = sent(URI.create("http://127.0.0.1:" + receiver.port() + "?a"), Eventually.LONG);
        Receiver.Call call = receiver.take();
        call.answer(204, "");
        assertEquals("POST /?a HTTP/1.1", call.head().lines().findFirst().orElseThrow());
        assertEquals(ACCEPTED, Eventually.result(sent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"done\":true}", " {\"x\":[{}],\"done\": true, \"y\":null} "})
    void done_says_that_it_has_finished(String body) throws Exception {
        assertEquals(new Exchange.Done(), answered(200, body));
        assertEquals(new Exchange.Done(), answered(201, body));
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
                "[]",
                "true",
                "done",
                "{\"done\":tr",
                "\u0000",
                "{\"DONE\":true}"
            })
    void whatever_else_a_success_says_it_has_taken_the_wake(String body) throws Exception {
        assertEquals(ACCEPTED, answered(200, body));
    }

    @Test
    void a_chunked_answer_and_one_that_ends_with_its_connection_are_understood() throws Exception {
        assertEquals(
                new Exchange.Done(),
                answered(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"done\"\r\n6\r\n:true}\r\n0\r\n\r\n"));
        assertEquals(new Exchange.Done(), answered("HTTP/1.0 200 OK\r\n\r\n{\"done\":true}"));
        assertEquals(new Exchange.Done(), answered("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"done\":true}"));
    }

    @Test
    void of_a_body_without_end_no_more_than_a_bit_is_read() throws Exception {
        Future<Exchange> sent = sent();
        Receiver.Call call = receiver.take();
        call.send("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n{\"done\":true,\"x\":\"");
        String filler = "x".repeat(1024);
        for (int i = 0; i < 80; i++) {
            call.send(filler);
        }
        assertEquals(ACCEPTED, Eventually.result(sent));
        call.hangUp();
    }

    @Test
    void of_headers_without_end_no_more_than_a_bit_is_read() throws Exception {
        Future<Exchange> sent = sent();
        Receiver.Call call = receiver.take();
        call.send("HTTP/1.1 200 OK\r\n" + ("X-Filler: " + "x".repeat(1000) + "\r\n").repeat(17));
        assertInstanceOf(Exchange.Unknown.class, Eventually.result(sent));
        call.hangUp();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 409, 410, 429, 500, 501, 503})
    void a_failure_means_that_nobody_works_on_it(int status) throws Exception {
        assertEquals(new Exchange.Refused("status " + status), answered(status, "{\"done\":true}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 504})
    void a_proxy_that_lost_its_server_leaves_open_whether_somebody_works_on_it(int status) throws Exception {
        assertEquals(new Exchange.Unknown("status " + status), answered(status, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_not_followed(int status) throws Exception {
        try (Receiver elsewhere = new Receiver()) {
            assertEquals(
                    new Exchange.Refused("status " + status),
                    answered("HTTP/1.1 " + status + " Elsewhere\r\nLocation: " + elsewhere.url()
                            + "\r\nContent-Length: 0\r\n\r\n"));
            assertEquals(0, elsewhere.connections());
            assertEquals(1, receiver.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 abc\r\n\r\n",
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"
            })
    void of_an_answer_that_breaks_off_nothing_is_known(String raw) throws Exception {
        assertInstanceOf(Exchange.Unknown.class, answered(raw));
    }

    @Test
    void a_whole_call_has_one_deadline_however_slowly_it_drips() throws Exception {
        Future<Exchange> sent = sent(receiver.url(), SHORT);
        Receiver.Call call = receiver.take();
        call.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
        assertEquals(new Exchange.Unknown("no answer within " + SHORT), Eventually.result(sent));
        call.awaitHangUp();
    }

    @Test
    void one_that_says_nothing_is_given_up_and_hung_up_on() throws Exception {
        Future<Exchange> sent = sent(receiver.url(), SHORT);
        Receiver.Call call = receiver.take();
        assertEquals(new Exchange.Unknown("no answer within " + SHORT), Eventually.result(sent));
        call.awaitHangUp();
    }

    @Test
    void where_nobody_listens_nobody_works_on_it() throws Exception {
        ServerSocket closed = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        closed.close();
        URI url = URI.create("http://127.0.0.1:" + closed.getLocalPort() + "/");
        assertInstanceOf(Exchange.Refused.class, Eventually.result(sent(url, Eventually.LONG)));
    }

    @Test
    void a_host_that_is_refused_or_unknown_is_never_connected_to() throws Exception {
        courier = new Courier(
                8,
                new Destinations(
                                SubscriptionsConfig.LocalWebhooks.REFUSED,
                                host -> List.of(InetAddress.getLoopbackAddress()))::address);
        assertInstanceOf(Exchange.Refused.class, Eventually.result(sent()));
        courier = new Courier(8, host -> {
            throw new UnknownHostException(host);
        });
        assertInstanceOf(Exchange.Refused.class, Eventually.result(sent()));
        assertEquals(0, receiver.connections());
    }

    @Test
    void it_connects_to_the_address_that_was_judged_and_judges_anew_for_each_call() throws Exception {
        AtomicInteger judged = new AtomicInteger();
        courier = new Courier(8, host -> {
            assertEquals("hooks.example", host);
            judged.incrementAndGet();
            return InetAddress.getLoopbackAddress();
        });
        URI url = URI.create("http://hooks.example:" + receiver.port() + "/hook");
        for (int i = 1; i <= 2; i++) {
            Future<Exchange> sent = sent(url, Eventually.LONG);
            Receiver.Call call = receiver.take();
            assertEquals("hooks.example:" + receiver.port(), call.header("Host"));
            call.answer(204, "");
            assertEquals(ACCEPTED, Eventually.result(sent));
            assertEquals(i, judged.get());
        }
    }

    @Test
    void no_more_are_called_at_once_than_allowed() throws Exception {
        courier = new Courier(1, InetAddress::getByName);
        Future<Exchange> first = sent();
        Receiver.Call call = receiver.take();
        assertInstanceOf(Exchange.Refused.class, Eventually.result(sent(receiver.url(), SHORT)));
        assertEquals(1, receiver.connections());
        call.answer(204, "");
        assertEquals(ACCEPTED, Eventually.result(first));
        assertEquals(ACCEPTED, answered(204, ""));
    }

    @Test
    void a_listener_that_never_speaks_tls_is_given_up() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("https://127.0.0.1:" + mute.getLocalPort() + "/");
            assertEquals(new Exchange.Unknown("no answer within " + SHORT), Eventually.result(sent(url, SHORT)));
        }
    }
}
