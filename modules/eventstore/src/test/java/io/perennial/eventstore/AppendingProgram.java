package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Appends until it is killed, or until the store fails, and prints what was acknowledged. Each of its threads is a
/// producer of its own.
final class AppendingProgram {
    static final String STREAM = "s";
    static final int THREADS = 4;

    private AppendingProgram() {}

    /// Arguments: the directory, the producers' epoch, by how many hours the clock is wrong, the bytes of an event.
    public static void main(String[] arguments) throws InterruptedException {
        Path directory = Path.of(arguments[0]);
        long epoch = Long.parseLong(arguments[1]);
        InstantSource clock =
                InstantSource.offset(InstantSource.system(), Duration.ofHours(Long.parseLong(arguments[2])));
        int bytes = Integer.parseInt(arguments[3]);
        var ended = new CountDownLatch(THREADS);
        try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                EventStore store = EventStore.open(StoreConfig.of(directory), clock, bus)) {
            for (int thread = 0; thread < THREADS; thread++) {
                String producer = "p" + thread;
                Thread.ofVirtual().start(() -> {
                    appendUntilItFails(store, producer, epoch, bytes);
                    ended.countDown();
                });
            }
            ended.await();
        }
        System.out.println("closed.");
    }

    private static void appendUntilItFails(EventStore store, String producer, long epoch, int bytes) {
        for (long seq = 0; ; seq++) {
            try {
                var outcome = store.append(append(producer, epoch, seq, bytes));
                System.out.println(
                        "acked " + ((AppendOutcome.Appended) outcome).first() + " " + text(producer, epoch, seq) + ".");
            } catch (StorageException e) {
                System.out.println(e.getClass().getSimpleName() + ".");
                return;
            }
        }
    }

    static Append append(String producer, long epoch, long seq, int bytes) {
        byte[] event = new byte[bytes];
        byte[] text = (text(producer, epoch, seq) + " ").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, event, 0, text.length);
        return Appends.by(producer, epoch, seq, Appends.of(STREAM, List.of(event)));
    }

    static String text(String producer, long epoch, long seq) {
        return producer + ":" + epoch + ":" + seq;
    }
}
