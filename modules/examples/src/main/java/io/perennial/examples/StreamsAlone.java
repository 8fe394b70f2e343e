package io.perennial.examples;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Streams in a program without HTTP: appends orders, and follows them from the first on.
///
/// `StreamsAlone DIRECTORY`; run again, it finds what it stored.
final class StreamsAlone {
    private static final StreamKey ORDERS = new StreamKey("orders");
    private static final int PAGE_BYTES = 1 << 20;

    private StreamsAlone() {}

    public static void main(String[] arguments) throws InterruptedException {
        run(Path.of(arguments[0])).forEach(System.out::println);
    }

    /// All orders so far, two of them new.
    static List<String> run(Path directory) throws InterruptedException {
        try (Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
                EventStore store = EventStore.open(StoreConfig.of(directory), InstantSource.system(), bus);
                Follow follow = store.follow(ORDERS, ReadFrom.START, PAGE_BYTES)) {
            append(store, "{\"order\":\"tea\"}");
            append(store, "{\"order\":\"toast\"}");
            return orders(follow);
        }
    }

    private static void append(EventStore store, String event) {
        AppendOutcome outcome = store.append(new Append(
                ORDERS,
                ContentType.JSON,
                List.of(event.getBytes(StandardCharsets.UTF_8)),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE));
        // It is on the disk now, or this says why not.
        if (!(outcome instanceof AppendOutcome.Appended)) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    private static List<String> orders(Follow follow) throws InterruptedException {
        List<String> orders = new ArrayList<>();
        while (follow.next(Duration.ofSeconds(1)) instanceof Follow.Step.Next(var page, var _)) {
            page.events().forEach(event -> orders.add(new String(event.data(), StandardCharsets.UTF_8)));
            if (page.ending() != Ending.MORE) {
                break;
            }
        }
        return orders;
    }
}
