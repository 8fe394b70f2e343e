package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Webhooks that keep the server waiting, beside one that works.
class HostileWebhookTest {
    private static final String CONTROL = "/v1/stream/__ds/subscriptions/";
    private static final String CHAT = "/v1/stream/chats/42";
    private static final int HOSTILE = 12;
    private static final int EVENTS = 20;

    @AutoClose
    private final Machine machine = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    private Server server;

    @BeforeEach
    void start() throws Exception {
        // Fewer places than there are hostile ones.
        server = machine.server(SmallHeap.flags("--delivery-limit", "4", "--webhook-timeout", "PT0.5S"));
        assertEquals(
                201,
                server.client()
                        .send("PUT", CHAT, "", "Content-Type", "application/json")
                        .statusCode());
    }

    /// Answers each call in its way, in a thread of its own.
    private static final class Callee implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
        private final String begin;
        private final byte[] more;

        /// @param begin of the answer
        /// @param more what is said after it again and again; nothing where it is silent from then on
        Callee(String begin, String more) throws IOException {
            this.begin = begin;
            this.more = Requests.bytes(more);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket caller = listener.accept();
                    calls.incrementAndGet();
                    Thread.ofVirtual().start(() -> answer(caller));
                }
            } catch (IOException e) {
                // The test is over.
            }
        }

        private void answer(Socket caller) {
            try (caller) {
                OutputStream out = caller.getOutputStream();
                out.write(Requests.bytes(begin));
                while (more.length > 0) {
                    out.write(more);
                    bytes.addAndGet(more.length);
                }
                while (caller.getInputStream().read() >= 0) {
                    // Until the server gives it up.
                }
            } catch (IOException e) {
                // It has.
            }
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort() + "/";
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private void subscribe(String name, String url) throws Exception {
        String spec = "{\"type\":\"webhook\",\"pattern\":\"chats/*\",\"webhook\":{\"url\":\"" + url + "\"}}";
        HttpResponse<String> answer = server.client().send("PUT", CONTROL + name, spec);
        assertEquals(201, answer.statusCode(), answer.body());
    }

    @Test
    void one_that_works_is_served_beside_those_that_never_answer_and_never_end() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        List<Callee> hostile = new ArrayList<>(List.of(
                new Callee("", ""),
                new Callee("HTTP/1.1 200", ""),
                new Callee(head + "Content-Length: 100\r\n\r\n{", ""),
                new Callee("HTTP/1.1 200 OK\r\n", "X-More: " + "x".repeat(1_000) + "\r\n"),
                new Callee(head + "Transfer-Encoding: chunked\r\n\r\n", chunk),
                new Callee(head + "Content-Length: 9223372036854775807\r\n\r\n", "x".repeat(10_000)),
                new Callee("", "x".repeat(10_000)),
                new Callee("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n")));
        try (Webhook working = new Webhook()) {
            working.finishes();
            Vitals before = Vitals.of(server);
            for (int i = 0; i < HOSTILE; i++) {
                subscribe("hostile-" + i, hostile.get(i % hostile.size()).url());
            }
            subscribe("answers", working.url().toString());
            String tail = "";
            for (int i = 0; i < EVENTS; i++) {
                HttpResponse<String> answer =
                        server.client().send("POST", CHAT, Integer.toString(i), "Content-Type", "application/json");
                assertEquals(204, answer.statusCode());
                tail = Client.next(answer);
                String last = tail;
                working.call();
                Eventually.holds("the cursor at " + last, () -> acked("answers").equals(last));
            }
            for (Callee callee : hostile) {
                Eventually.holds("a call", () -> callee.calls.get() > 0);
            }
            for (int i = 0; i < HOSTILE; i++) {
                assertTrue(acked("hostile-" + i).compareTo(tail) < 0, "who never answered has done nothing");
                assertEquals(
                        204,
                        server.client()
                                .send("DELETE", CONTROL + "hostile-" + i, "")
                                .statusCode());
            }
            Vitals after = Vitals.assertBack(server, before);
            System.out.println(HOSTILE + " hostile webhooks were called "
                    + hostile.stream().mapToInt(callee -> callee.calls.get()).sum() + " times, and sent "
                    + hostile.stream().mapToLong(callee -> callee.bytes.get()).sum() + " bytes; " + EVENTS
                    + " events reached the one that works\nbefore: " + before + "\nafter: " + after);
        } finally {
            for (Callee callee : hostile) {
                callee.close();
            }
        }
        server.stop();
        assertTrue(!server.process().err().contains("\tat "), server.process().err());
    }

    private String acked(String name) throws Exception {
        return Client.json(server.client().get(CONTROL + name).body())
                .asJsonObject()
                .getJsonArray("streams")
                .getJsonObject(0)
                .getString("acked_offset");
    }
}
