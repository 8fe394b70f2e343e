package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a webhook's server can't do to us, however it tries.
@Timeout(60)
class CourierLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final int MEBIBYTE = 1 << 20;
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final long DRIP_NANOS = 20_000_000;

    private final Courier courier = courier(4);

    @Test
    void silence_ends_with_the_patience_and_nobody_knows() throws Exception {
        try (Hook hook = Hook.saying("")) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, SHORT));
            hook.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 ",
                OK,
                OK + "X: ",
                OK + "\r\n",
                OK + "Content-Length: 1000000\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\nffff\r\n",
            })
    void an_answer_that_drips_has_to_be_over_by_then_too(String beginning) throws Exception {
        Hook.Answer dripping = client -> {
            Hook.write(client, beginning);
            while (true) {
                Hook.write(client, "1");
                LockSupport.parkNanos(DRIP_NANOS);
            }
        };
        try (Hook hook = new Hook(dripping)) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, SHORT));
            hook.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "\r\n",
                OK + "Content-Length: 9223372036854775807\r\n\r\n",
                OK + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n",
            })
    void a_body_without_end_is_read_up_to_a_limit(String beginning) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Hook hook = new Hook(client -> flood(client, beginning, "x".repeat(8192), sent))) {
            assertEquals(new Exchange.Accepted(), send(hook, LONG));
            hook.awaitEnd();
        }
        // What the system's buffers took comes on top.
        assertTrue(sent.get() < 32 * MEBIBYTE, () -> sent + " bytes");
    }

    @Test
    void chunks_without_end_are_read_up_to_a_limit() throws Exception {
        AtomicLong sent = new AtomicLong();
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        String chunk = "400\r\n" + "x".repeat(0x400) + "\r\n";
        try (Hook hook = new Hook(client -> flood(client, chunked, chunk, sent))) {
            assertEquals(new Exchange.Accepted(), send(hook, LONG));
            hook.awaitEnd();
        }
        assertTrue(sent.get() < 32 * MEBIBYTE, () -> sent + " bytes");
    }

    @Test
    void a_refusal_is_one_whatever_follows() throws Exception {
        for (String length : List.of("", "Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n")) {
            try (Hook hook = Hook.saying("HTTP/1.1 503 Busy\r\n" + length + "\r\n")) {
                assertEquals(new Exchange.Refused("status 503"), send(hook, LONG));
                hook.awaitEnd();
            }
        }
    }

    @Test
    void a_body_of_up_to_64_kib_is_read() throws Exception {
        String done = "{\"done\":true}";
        int most = 64 * 1024;
        try (Hook hook = Hook.saying(Hook.answer("200 OK", " ".repeat(most - done.length()) + done))) {
            assertEquals(new Exchange.Done(), send(hook, LONG));
        }
        try (Hook hook = Hook.saying(Hook.answer("200 OK", " ".repeat(most - done.length() + 1) + done))) {
            assertEquals(new Exchange.Accepted(), send(hook, LONG));
        }
    }

    @Test
    void nobody_waits_for_more_of_a_body_than_is_read() throws Exception {
        String head = OK + "Content-Length: 1000000\r\n\r\n";
        try (Hook hook = Hook.saying(head + "x".repeat(64 * 1024 + 1))) {
            assertEquals(new Exchange.Accepted(), send(hook, LONG));
        }
    }

    @Test
    void small_chunks_up_to_the_limit_are_read() throws Exception {
        String body = "{\"done\":true" + " ".repeat(50_000) + "}";
        StringBuilder chunks = new StringBuilder(OK + "Transfer-Encoding: chunked\r\n\r\n");
        body.chars().forEach(c -> chunks.append("1\r\n").append((char) c).append("\r\n"));
        try (Hook hook = Hook.saying(chunks.append("0\r\n\r\n").toString())) {
            assertEquals(new Exchange.Done(), send(hook, LONG));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 ", OK + "X: ", OK + "X: y\r\nZ"})
    void a_head_without_end_is_read_up_to_a_limit(String beginning) throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Hook hook = new Hook(client -> flood(client, beginning, "x".repeat(8192), sent))) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, LONG));
            hook.awaitEnd();
        }
        assertTrue(sent.get() < 32 * MEBIBYTE, () -> sent + " bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "\r\n\r\n",
                "{\"done\":true}\r\n",
            })
    void what_is_no_http_says_nothing_and_the_connection_is_ended(String answer) throws Exception {
        try (Hook hook = Hook.saying(answer)) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, LONG));
            hook.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2", OK, OK + "Content-Le"})
    void of_a_server_that_ends_the_connection_first_nothing_is_known(String answer) throws Exception {
        try (Hook hook = Hook.endingWith(answer)) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, LONG));
        }
    }

    @Test
    void of_a_connection_that_is_reset_nothing_is_known() throws Exception {
        Hook.Answer resetting = client -> {
            client.setSoLinger(true, 0);
            client.close();
        };
        try (Hook hook = new Hook(resetting)) {
            assertInstanceOf(Exchange.Unknown.class, send(hook, LONG));
        }
    }

    @Test
    void no_more_are_called_at_once_than_may_be() throws Exception {
        Courier narrow = courier(2);
        CountDownLatch answers = new CountDownLatch(1);
        Hook.Answer waiting = client -> {
            answers.await();
            Hook.write(client, Hook.answer("200 OK", "{\"done\":true}"));
        };
        try (Hook hook = new Hook(waiting)) {
            List<FutureTask<Exchange>> calls = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                calls.add(start(narrow, hook.url("/held")));
                assertTrue(hook.request().startsWith("POST /held "));
            }
            assertInstanceOf(
                    Exchange.Refused.class, narrow.send(hook.url("/late"), new byte[0], "s", Duration.ofMillis(200)));
            calls.add(start(narrow, hook.url("/next")));
            answers.countDown();
            for (FutureTask<Exchange> call : calls) {
                assertEquals(new Exchange.Done(), call.get(LONG.toSeconds(), TimeUnit.SECONDS));
            }
            // The one that was refused has never come.
            assertTrue(hook.request().startsWith("POST /next "));
        }
    }

    @Test
    void whoever_fails_makes_room_for_the_next() throws Exception {
        Courier narrow = courier(1);
        try (Hook silent = Hook.saying("");
                Hook hook = Hook.saying(Hook.answer("200 OK", "{\"done\":true}"))) {
            for (int i = 0; i < 3; i++) {
                assertInstanceOf(
                        Exchange.Unknown.class, narrow.send(silent.url("/"), new byte[0], "s", Duration.ofMillis(100)));
            }
            assertEquals(new Exchange.Done(), narrow.send(hook.url("/"), new byte[0], "s", LONG));
        }
    }

    @Test
    void an_interrupt_ends_a_call_and_stays_one() throws Exception {
        try (Hook hook = Hook.saying("")) {
            FutureTask<Boolean> call = new FutureTask<>(() -> {
                Exchange exchange = send(hook, LONG);
                return exchange instanceof Exchange.Unknown
                        && Thread.currentThread().isInterrupted();
            });
            Thread thread = Thread.ofVirtual().start(call);
            hook.request();
            thread.interrupt();
            assertTrue(call.get(LONG.toSeconds(), TimeUnit.SECONDS));
            hook.awaitEnd();
        }
    }

    private static void flood(Socket client, String beginning, String more, AtomicLong sent) throws Exception {
        Hook.write(client, beginning);
        while (true) {
            Hook.write(client, more);
            sent.addAndGet(more.length());
        }
    }

    private static FutureTask<Exchange> start(Courier courier, URI url) {
        FutureTask<Exchange> call = new FutureTask<>(() -> courier.send(url, new byte[0], "s", LONG));
        Thread.ofVirtual().start(call);
        return call;
    }

    private static Courier courier(int deliveries) {
        Resolver loopback = _ -> List.of(InetAddress.getLoopbackAddress());
        return new Courier(deliveries, new Destinations(LocalWebhooks.ALLOWED, loopback));
    }

    private Exchange send(Hook hook, Duration patience) {
        return courier.send(hook.url("/"), new byte[0], "s", patience);
    }
}
