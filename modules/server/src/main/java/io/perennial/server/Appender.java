package io.perennial.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.perennial.server.Remote.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Appends to one stream.
final class Appender {
    static final String JSON = "application/json";

    private static final HeaderName STREAM_SEQ = HeaderNames.create("Stream-Seq");
    private static final HeaderName PRODUCER_ID = HeaderNames.create("Producer-Id");
    private static final HeaderName PRODUCER_EPOCH = HeaderNames.create("Producer-Epoch");
    private static final HeaderName PRODUCER_SEQ = HeaderNames.create("Producer-Seq");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int UNKNOWN = 404;
    private static final int CONFLICT = 409;
    private static final int BUSY = 503;

    private final Remote remote;
    private final String target;
    private final String type;
    private final Optional<String> producer;
    private long seq;
    private String next;

    /// Of a stream that is there, or is made now.
    ///
    /// @param type of what is appended; the stream's own where nothing is said, and JSON for a new one
    /// @param producer whose appends are numbered, so that they can be sent again
    static Appender to(Remote remote, String path, Optional<String> type, Optional<String> producer) {
        String target = ChangeCommand.target(path);
        Answer head;
        try {
            head = remote.send(Method.HEAD, target, Map.of(), new byte[0]);
        } catch (IOException e) {
            throw remote.unreachable(e);
        }
        if (head.status() == UNKNOWN) {
            String made = type.orElse(JSON);
            head = remote.require(Method.PUT, target, Map.of(HeaderNames.CONTENT_TYPE, made), new byte[0]);
        } else if (head.isRefusal()) {
            // Said with a reason to a GET alone.
            remote.get(target);
        }
        return new Appender(
                remote,
                target,
                type.orElse(head.header(HeaderNames.CONTENT_TYPE)),
                producer,
                head.header(ChangeCommand.NEXT));
    }

    private Appender(Remote remote, String target, String type, Optional<String> producer, String next) {
        this.remote = remote;
        this.target = target;
        this.type = type;
        this.producer = producer;
        this.next = next;
    }

    boolean isJson() {
        return type.split(";", 2)[0].strip().equalsIgnoreCase(JSON);
    }

    /// Where the next event will be.
    String next() {
        return next;
    }

    /// Several JSON events as one append.
    void appendAll(List<String> events) throws InterruptedException {
        append(array(events));
    }

    void append(byte[] body) throws InterruptedException {
        Map<HeaderName, String> headers = new HashMap<>();
        producer.ifPresent(id -> {
            headers.put(PRODUCER_ID, id);
            headers.put(PRODUCER_EPOCH, "0");
            headers.put(PRODUCER_SEQ, Long.toString(seq));
        });
        Answer answer =
                producer.isPresent() ? sent(headers, body) : remote.require(Method.POST, target, typed(headers), body);
        done(answer);
        seq++;
    }

    /// Appends what has a place in an order, unless the stream is that far already.
    ///
    /// @param place of the last of these events
    /// @return how far the stream is, where it is
    Optional<String> appendUnlessThere(String place, byte[] body) throws InterruptedException {
        Answer answer = sent(Map.of(STREAM_SEQ, place), body);
        String last = answer.header(STREAM_SEQ);
        if (answer.status() == CONFLICT && !last.isEmpty()) {
            return Optional.of(last);
        }
        done(answer);
        return Optional.empty();
    }

    private void done(Answer answer) {
        if (answer.isRefusal()) {
            throw answer.refusal();
        }
        next = answer.header(ChangeCommand.NEXT);
    }

    static byte[] array(List<String> events) {
        return ("[" + String.join(",", events) + "]").getBytes(StandardCharsets.UTF_8);
    }

    private Map<HeaderName, String> typed(Map<HeaderName, String> headers) {
        Map<HeaderName, String> all = new HashMap<>(headers);
        all.put(HeaderNames.CONTENT_TYPE, type);
        return all;
    }

    // A server that is restarted, or busy, is asked again.
    private Answer sent(Map<HeaderName, String> headers, byte[] body) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean isOver = System.nanoTime() > deadlineNanos;
            try {
                Answer answer = remote.send(Method.POST, target, typed(headers), body);
                if (answer.status() != BUSY || isOver) {
                    return answer;
                }
            } catch (IOException e) {
                if (isOver) {
                    throw remote.unreachable(e);
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    void close() {
        remote.require(Method.POST, target, Map.of(ChangeCommand.CLOSED, "true"), new byte[0]);
    }

    /// Lines until there are many, or much.
    static final class Batch {
        private static final int MOST_LINES = 1_000;
        private static final int MOST_CHARACTERS = 256 * 1024;

        private final List<String> lines = new ArrayList<>();
        private int characters;

        void add(String line) {
            lines.add(line);
            characters += line.length();
        }

        boolean isFull() {
            return lines.size() >= MOST_LINES || characters >= MOST_CHARACTERS;
        }

        void sendTo(Appender appender) throws InterruptedException {
            if (!lines.isEmpty()) {
                appender.appendAll(lines);
                lines.clear();
                characters = 0;
            }
        }
    }
}
