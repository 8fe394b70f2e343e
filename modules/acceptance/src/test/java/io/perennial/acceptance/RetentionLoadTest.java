package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Many times what may be kept, at full speed: the file stays near the bound all the while.
/// `-Dperennial.retention-rounds=400` is a day's load and more.
class RetentionLoadTest {
    private static final int ROUNDS = Integer.getInteger("perennial.retention-rounds", 3);
    private static final int STREAMS = 16;
    private static final long KEPT_BYTES = 8L * 1024 * 1024;
    private static final double MOST = 1.2;
    private static final String EVENT = "\"" + "x".repeat(598) + "\"";
    private static final String BATCH = "[" + String.join(",", Collections.nCopies(300, EVENT)) + "]";

    @AutoClose
    private final Machine machine = new Machine();

    private final AtomicLong greatest = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();

    @Test
    void the_file_stays_within_a_fifth_of_the_bound_however_much_is_written() throws Exception {
        Server server = machine.server("--retention", "load/*=bytes:" + KEPT_BYTES);
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            String path = "/v1/stream/load/" + i;
            writers.add(Eventually.start(() -> write(server.client(), path)));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        long bound = STREAMS * KEPT_BYTES;
        System.out.printf(
                "retention: %,d bytes written where %,d are kept, the file had %,d at most: %.2f of the bound%n",
                batches.get() * BATCH.length(), bound, greatest.get(), (double) greatest.get() / bound);
        assertTrue(greatest.get() > bound / 2, "nothing was kept");
        assertTrue(greatest.get() <= MOST * bound, () -> greatest + " bytes, where " + bound + " are kept");
        server.stop();
        Perennial verify = machine.run("verify", "--data-dir", machine.data().toString());
        assertEquals(0, verify.exitCode(), verify.out() + verify.err());
    }

    private Void write(Client client, String path) throws Exception {
        client.send("PUT", path, "", "Content-Type", "application/json");
        for (long written = 0; written < ROUNDS * KEPT_BYTES; written += BATCH.length()) {
            HttpResponse<String> answer = client.send("POST", path, BATCH, "Content-Type", "application/json");
            assertEquals(204, answer.statusCode(), answer.body());
            batches.incrementAndGet();
            greatest.accumulateAndGet(Files.size(file()), Math::max);
        }
        return null;
    }

    private Path file() {
        return machine.data().resolve("events.db");
    }
}
