package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One writer at full speed: one batch after another on one connection, each acknowledged before the next.
final class NumberedWriter {
    private static final int BATCH = 50;

    private final URI url;
    private final String session;
    private final AtomicInteger acknowledged = new AtomicInteger();

    NumberedWriter(URI url, String session) {
        this.url = url;
        this.session = session;
    }

    /// How many events are on disk.
    int acknowledged() {
        return acknowledged.get();
    }

    /// Writes until the time is over or there are so many events.
    ///
    /// @return how many there are now
    int run(Duration time, int most) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (Wire wire = Wire.connect(url)) {
            wire.patience(Eventually.LONG);
            while (System.nanoTime() < end && acknowledged.get() < most) {
                String batch = IntStream.range(acknowledged.get(), acknowledged.get() + BATCH)
                        .mapToObj(Heard::event)
                        .collect(Collectors.joining(",", "[", "]"));
                wire.send(Wire.request(
                                "POST",
                                Sight.path(session),
                                "Content-Type",
                                "application/json",
                                "Content-Length",
                                Integer.toString(batch.length()))
                        + batch);
                assertEquals(204, wire.answer().status());
                acknowledged.addAndGet(BATCH);
            }
        }
        return acknowledged.get();
    }
}
