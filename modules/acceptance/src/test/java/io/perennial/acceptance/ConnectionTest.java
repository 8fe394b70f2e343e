package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients do to connections that none should. None of it is worth a line in the log.
class ConnectionTest {
    @AutoClose
    private static final Machine MACHINE = new Machine();

    private static Server server;

    private final String session = UUID.randomUUID().toString();
    private final String smuggled = Wire.request("POST", Client.path(session), "Content-Length", "1") + "1";
    private String loggedBefore = "";

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server();
    }

    @BeforeEach
    void readTheLog() {
        loggedBefore = server.process().err();
    }

    @AfterEach
    void nothing_was_logged() {
        assertEquals("", server.process().err().substring(loggedBefore.length()));
    }

    @Test
    void clients_that_vanish_in_the_middle_leave_no_trace_in_the_log() throws Exception {
        try (Machine machine = new Machine()) {
            Server own = machine.server();
            for (String part : List.of(
                    "",
                    "PO",
                    "POST /stream/events?sessionId=s HTTP/1.1\r\n",
                    "POST /stream/events?sessionId=s HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"a\"",
                    "POST /stream/events?sessionId=s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"",
                    "POST /servers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"a\"",
                    Wire.request("GET", "/servers"),
                    Wire.request("GET", Client.live("s")),
                    Wire.request("GET", "/event"))) {
                try (Wire wire = Wire.connect(own.url())) {
                    wire.send(part);
                }
            }
            // What finds the followers gone.
            for (int i = 0; i < 3; i++) {
                own.client().append("s", Integer.toString(i));
            }
            assertEquals(3, own.client().read("s", "-1").events().size());
            own.stop();
            assertEquals("", own.process().complaints());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/event", "/servers", "/stream/events", "/servers/a"})
    void the_body_of_a_refused_request_is_not_taken_for_the_next_one(String path) throws Exception {
        String request = Wire.request("PUT", path, "Content-Length", Integer.toString(smuggled.length()));
        assertNotSmuggled(request + smuggled);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 5, 5",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding : chunked"
            })
    void a_body_whose_length_is_doubtful_is_refused(String headers) throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send("POST /stream/events?sessionId=s HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n0\r\n\r\n"
                    + smuggled);
            Wire.Head head = wire.head();
            assertTrue(head.status() == 400 || head.status() == 501, headers + " is answered " + head.status());
        }
        assertEquals(List.of(), server.client().read(session, "-1").events());
    }

    private void assertNotSmuggled(String request) throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(request);
            assertNotEquals(200, wire.answer().status());
            wire.send(Wire.request("GET", Client.path(session)));
            Wire.Answer second = wire.answer();
            assertEquals("[]", second.body());
        } catch (EOFException e) {
            // Closed after the error, which is as good.
        }
        assertEquals(List.of(), server.client().read(session, "-1").events());
    }

    @Test
    void a_connection_is_used_again_after_an_error() throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            for (String path : List.of("/nowhere", "/stream/events", "/servers/a", "/servers")) {
                wire.send(Wire.request("GET", path));
                wire.answer();
            }
        }
    }

    @Test
    void requests_that_were_sent_ahead_are_answered_in_order() throws Exception {
        try (Wire wire = Wire.connect(server.url())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append(Wire.request("POST", Client.path("ahead"), "Content-Length", "2"))
                        .append(i + 10);
            }
            wire.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertEquals(201, wire.answer().status());
            }
        }
        List<String> events = server.client().readAll("ahead", "-1").stream()
                .map(stored -> stored.event().toString())
                .toList();
        assertEquals("10", events.getFirst());
        assertEquals(events.stream().sorted().toList(), events);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /servers HTTP/1.1\r\n\r\n",
                "GET /servers HTTP/1.1\r\nHost\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /servers HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n"
            })
    void a_malformed_request_is_told_so(String request) throws IOException {
        Problem.assertIs(400, Wire.exchange(server.url(), request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /servers HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET /servers HTTP/3.9\r\nHost: a\r\n\r\n",
                "GET /servers\r\n\r\n",
                "GET\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u0000\r\n\r\n"
            })
    void what_is_neither_http_1_1_nor_http_2_is_refused_or_cut_off(String request) throws IOException {
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(request);
            int status = wire.answer().status();
            assertTrue(status == 400 || status == 505, "status " + status);
        } catch (EOFException e) {
            // Cut off, which is all that Helidon does.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "keep-alive, close"})
    void a_connection_that_is_to_be_closed_is_closed_after_the_answer(String value) throws IOException {
        for (String path : List.of("/servers", "/nowhere")) {
            try (Wire wire = Wire.connect(server.url())) {
                wire.patience(Duration.ofSeconds(3));
                wire.send(Wire.request("GET", path, "Connection", value));
                Wire.Answer answer = wire.answer();
                assertEquals("close", answer.head().header("Connection"));
                assertTrue(wire.isClosed());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "-1", "fffffffffffffffff", " 1", "0x1", "", "1;name=value"})
    void a_chunk_whose_size_is_not_understood_is_refused_or_cut_off_and_not_left_waiting(String size)
            throws IOException {
        try (Wire wire = Wire.connect(server.url())) {
            wire.patience(Duration.ofSeconds(3));
            wire.send(Wire.request("POST", Client.path(session), "Transfer-Encoding", "chunked")
                    + size
                    + "\r\n1\r\n0\r\n\r\n");
            int status = wire.answer().status();
            assertTrue(status == 400 || (status == 201 && size.startsWith("1;")), "status " + status);
        } catch (EOFException e) {
            // Cut off, which is as good.
        }
    }
}
