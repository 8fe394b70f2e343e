package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FollowersTest {
    private static final Duration TIME = Duration.ofMillis(500);

    @Test
    void every_follower_gets_every_event_once() throws Exception {
        Sample paced = run(new DeliveryLatency(6, 2, 100), UnaryOperator.identity());
        assertEquals("", paced.remark());
        assertTrue(paced.latency().getTotalCount() > 50 * 3 / 2, paced::toString);

        Sample fast = run(new DeliveryRate(6, 200), UnaryOperator.identity());
        assertEquals("", fast.remark());
        assertEquals(200 * 6, fast.latency().getTotalCount());
    }

    @Test
    void everybody_who_waits_is_woken_by_every_append() throws Exception {
        Sample sample = run(new WakeUp(3), UnaryOperator.identity());
        assertTrue(sample.latency().getTotalCount() > 3, sample::toString);
        assertEquals(0, sample.latency().getTotalCount() % 3);
    }

    @Test
    void an_event_that_comes_twice_fails_a_load() {
        IOException failure = assertThrows(
                IOException.class,
                () -> run(new DeliveryLatency(3, 1, 100), event -> List.of(event.getFirst(), event.getFirst())));
        assertTrue(String.valueOf(failure.getMessage()).endsWith("a second time"), failure::toString);
    }

    @Test
    void an_event_that_is_left_out_fails_a_load() {
        IOException failure = assertThrows(
                IOException.class,
                () -> run(
                        new DeliveryLatency(3, 1, 100),
                        event -> event.getFirst().contains("\"00000007\"") ? List.of() : event));
        assertEquals("3 deliveries were lost", failure.getMessage());
    }

    @Test
    void an_event_is_found_wherever_its_bytes_are_cut() throws Exception {
        byte[] answer = answer();
        for (int cut = 0; cut <= answer.length; cut++) {
            List<String> found = new ArrayList<>();
            EventScan scan = new EventScan();
            scan.accept(bytes(answer, 0, cut), (sequence, sent) -> found.add(sequence + " at " + sent));
            scan.accept(bytes(answer, cut, answer.length), (sequence, sent) -> found.add(sequence + " at " + sent));
            assertEquals(List.of("7 at 1234567890123456", "12345678 at 42"), found, "cut at " + cut);
            assertTrue(scan.hasEnded());
        }
    }

    private static byte[] answer() {
        String first = event(7, 1_234_567_890_123_456L);
        String second = event(12_345_678, 42);
        String body = "id: X\ndata:[" + first + "," + second + "]\n\ndata:{\"seq\":\"{\"seq\"}\n\n";
        return ("HTTP/1.1 200 OK\r\nA: b\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                        + "\r\n0\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String event(int sequence, long sentNanos) {
        byte[] event = StampedEvent.blank();
        StampedEvent.stamp(ByteBuffer.wrap(event), 0, sequence, sentNanos);
        return new String(event, ISO_8859_1);
    }

    private static ByteBuffer bytes(byte[] answer, int from, int end) {
        return ByteBuffer.wrap(answer, from, end - from).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Sample run(Load load, UnaryOperator<List<String>> fault) throws Exception {
        try (RawServer server = new RawServer(fault)) {
            return load.run(server.running(), TIME);
        }
    }
}
