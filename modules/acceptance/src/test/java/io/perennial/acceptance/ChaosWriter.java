package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Appends the numbers from zero on to a session, some at a time, as a producer: what isn't answered is sent again.
final class ChaosWriter {
    private static final int MOST_AT_ONCE = 40;
    private static final long COME_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final URI url;
    private final String path;
    private final Random random;
    private int sequence;
    private long repeats;
    private volatile long appended;

    ChaosWriter(URI url, String session, long seed) {
        this.url = url;
        this.path = "/v1/stream/sessions/" + session;
        this.random = new Random(seed);
    }

    Void append(long count) {
        while (appended < count) {
            long end = Math.min(count, appended + 1 + random.nextInt(MOST_AT_ONCE));
            String body =
                    LongStream.range(appended, end).mapToObj(Long::toString).collect(Collectors.joining(",", "[", "]"));
            while (!isAnswered(body)) {
                repeats++;
                LockSupport.parkNanos(COME_BACK_NANOS);
            }
            sequence++;
            appended = end;
        }
        return null;
    }

    private boolean isAnswered(String body) {
        try {
            String request = Wire.request(
                    "POST",
                    path,
                    "Content-Type",
                    "application/json",
                    "Content-Length",
                    Integer.toString(body.length()),
                    "Producer-Id",
                    "writer",
                    "Producer-Epoch",
                    "0",
                    "Producer-Seq",
                    Integer.toString(sequence));
            Wire.Answer answer = Wire.exchange(url, request + body);
            assertTrue(answer.status() < 300 || answer.status() >= 500, answer.status() + " " + answer.body());
            return answer.status() < 300;
        } catch (IOException e) {
            return false;
        }
    }

    long appended() {
        return appended;
    }

    long repeats() {
        return repeats;
    }
}
