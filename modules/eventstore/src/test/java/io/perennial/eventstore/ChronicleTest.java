package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.bus.BusLimits;
import io.perennial.bus.Delivery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream that tells of the beginnings and ends of all the others.
class ChronicleTest {
    private static final String TOLD = "told";
    private static final Chronicle CHRONICLE = new Chronicle(
            Appends.key(TOLD),
            ContentType.JSON,
            new Retention(Retention.ALL, Retention.ALL, 100),
            change ->
                    (change.getClass().getSimpleName() + " " + change.stream().key()).getBytes(StandardCharsets.UTF_8));

    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(StoreConfig.of(directory).chronicled(CHRONICLE), BusLimits.defaults());
    }

    @AfterEach
    void close() {
        disk.close();
    }

    private List<String> told() {
        return Appends.texts(disk.everything(TOLD));
    }

    @Test
    void whatever_creates_or_ends_a_stream_is_told_once_and_in_its_order() {
        disk.append("appended", "1");
        disk.append("appended", "2");
        disk.created(Creates.fresh("created", Creates.sliding(10), "1"));
        disk.create(Creates.fresh("created", Creates.sliding(10)));
        disk.created(Creates.lasting(Creates.until(Duration.ofHours(1)), Creates.fork("fork", "appended")));
        disk.created(Creates.closed(Creates.fresh("closed", Lifetime.UNLIMITED)));
        disk.append(Appends.onlyWhereItExists(Appends.of("nowhere", "1")));
        disk.delete("appended");
        disk.delete("appended");
        disk.delete("nowhere");
        disk.clock().step(Duration.ofSeconds(10));
        disk.append("created", "2");
        disk.delete("fork");
        disk.append("appended", "3");
        assertEquals(
                List.of(
                        "Created appended",
                        "Created created",
                        "Created fork",
                        "Created closed",
                        "Deleted appended",
                        "Expired created",
                        "Created created",
                        "Deleted fork",
                        "Created appended"),
                told());
    }

    @Test
    void what_expires_while_nobody_looks_is_told_too() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10)));
        disk.clock().step(Duration.ofSeconds(10));
        Eventually.holds("it is told", () -> told().equals(List.of("Created s", "Expired s")));
    }

    @Test
    void a_stream_is_told_of_before_its_first_event_to_readers_and_to_followers() throws Exception {
        try (var subscription = disk.bus().subscribeAll()) {
            Offset first = disk.append("s", "1").first();
            assertTrue(disk.everything(TOLD).getFirst().offset().isBefore(first));
            var delivery = (Delivery.Messages<Commit>) subscription.await(Duration.ofSeconds(10));
            assertEquals(
                    List.of(TOLD, "s"),
                    delivery.messages().stream()
                            .map(commit -> commit.stream().path())
                            .toList());
        }
    }

    @Test
    void what_many_create_and_delete_at_once_is_told_of_each_once_and_survives_a_restart() throws Exception {
        int streams = 40;
        List<Future<Integer>> work = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            String stream = "s" + i;
            work.add(Eventually.start(() -> {
                disk.append(stream, "1");
                disk.delete(stream);
                return 0;
            }));
        }
        for (Future<Integer> each : work) {
            Eventually.result(each);
        }
        disk.reopen();
        List<String> told = told();
        assertEquals(2 * streams, told.size());
        assertEquals(
                IntStream.range(0, streams)
                        .boxed()
                        .collect(Collectors.toMap(i -> "s" + i, _ -> List.of("Created", "Deleted"))),
                told.stream()
                        .map(line -> line.split(" ", -1))
                        .collect(Collectors.groupingBy(
                                words -> words[1], Collectors.mapping(words -> words[0], Collectors.toList()))));
    }

    @Test
    void so_much_of_it_is_kept_as_it_says_and_no_less_of_a_stream_of_a_name_that_begins_alike() throws Exception {
        String[] events = IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new);
        disk.append(TOLD + "too", events);
        for (int i = 0; i < 150; i++) {
            disk.append("s" + i, "1");
        }
        Eventually.holds(
                "the newest hundred are kept",
                () -> told().equals(IntStream.range(50, 150)
                        .mapToObj(i -> "Created s" + i)
                        .toList()));
        assertEquals(List.of(events), Appends.texts(disk.everything(TOLD + "too")));
    }

    @Test
    void what_the_store_tells_by_itself_is_nobodys_append(@TempDir Path other) {
        List<String> counted = new ArrayList<>();
        StoreObserver observer = new StoreObserver() {
            @Override
            public void appended(int appends, int events, long bytes) {
                counted.add(appends + " " + events + " " + bytes);
            }
        };
        try (EventStore store =
                EventStore.open(StoreConfig.of(other).chronicled(CHRONICLE), disk.clock(), disk.bus(), observer)) {
            store.append(Appends.of("s", "1", "22"));
            store.create(Creates.fresh("t", Lifetime.UNLIMITED));
            store.delete(Appends.key("s"));
        }
        assertEquals(List.of("1 2 3"), counted);
    }
}
