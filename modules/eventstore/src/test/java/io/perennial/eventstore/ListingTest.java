package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which streams there are.
class ListingTest {
    private static final List<String> PATHS =
            List.of("!", "a", "a!", "a-b", "a/", "a/b", "a/b/c", "a0", "aa", "a~", "b", "~", "~~");

    private StoreOnDisk disk;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void streams_are_listed_by_prefix_in_the_order_of_their_paths_page_by_page() {
        PATHS.reversed().forEach(path -> disk.created(Creates.fresh(path, Lifetime.UNLIMITED)));
        for (String prefix : List.of("", "a", "a/", "a/b/c", "aa", "~", "unknown", "%", "_")) {
            for (int limit : List.of(1, 2, 5, 100)) {
                List<String> expected =
                        PATHS.stream().filter(path -> path.startsWith(prefix)).toList();
                assertEquals(expected, listed(prefix, limit), prefix);
            }
        }
        assertEquals(List.of("a/b", "a/b/c"), paths(disk.store().streams("a/", "a/a", 10)));
        assertEquals(List.of("a/", "a/b"), paths(disk.store().streams("a/", "!", 2)));
        assertEquals(List.of(), disk.store().streams("a/", "b", 2));
        assertThrows(IllegalArgumentException.class, () -> disk.store().streams("", "", 0));
    }

    @Test
    void a_listed_stream_is_told_as_it_is() {
        StreamInfo empty = disk.created(Creates.fresh("empty", Creates.sliding(10)));
        disk.append("s", "1");
        disk.accepted(Appends.closing("s", "2"));
        StreamInfo fork = disk.created(Creates.lasting(Creates.sliding(20), Creates.fork("fork", "s")));
        assertEquals(List.of(empty, fork, disk.info("s")), disk.store().streams("", "", 10));
    }

    @Test
    void what_was_deleted_and_what_is_kept_for_forks_is_not_listed() {
        List.of("a", "b", "c").forEach(path -> disk.created(Creates.fresh(path, Lifetime.UNLIMITED)));
        disk.created(Creates.fork("fork", "b"));
        disk.delete("a");
        disk.delete("b");
        assertEquals(List.of("c", "fork"), listed("", 1));
    }

    // Whoever reads page by page would take an empty page, or a short one, for the end.
    @Test
    void streams_that_have_expired_do_not_shorten_a_page() {
        for (int i = 10; i < 90; i++) {
            disk.created(Creates.fresh("s" + i, i % 10 == 9 ? Lifetime.UNLIMITED : Creates.sliding(1)));
        }
        disk.clock().step(Duration.ofSeconds(1));
        assertEquals(List.of("s19", "s29", "s39"), paths(disk.store().streams("s", "", 3)));
        assertEquals(List.of("s19", "s29", "s39", "s49", "s59", "s69", "s79", "s89"), listed("s", 1));
    }

    // A touch moves from memory to the disk while the list is made.
    @Test
    void a_stream_that_is_read_all_the_time_is_always_listed() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(1)));
        var ended = new AtomicBoolean();
        Future<Integer> living = Eventually.startBusy(() -> {
            int steps = 0;
            while (!ended.get()) {
                disk.clock().step(Duration.ofMillis(900));
                disk.page("s", ReadFrom.TAIL);
                disk.append("other", "takes the touch along");
                steps++;
            }
            return steps;
        });
        int missed = 0;
        for (int i = 0; i < 3_000; i++) {
            missed += disk.store().streams("s", "", 1).isEmpty() ? 1 : 0;
        }
        ended.set(true);
        assertEquals(0, missed, "of 3000, while the clock stepped " + Eventually.result(living) + " times");
    }

    private List<String> listed(String prefix, int limit) {
        List<String> listed = new ArrayList<>();
        List<StreamInfo> page = disk.store().streams(prefix, "", limit);
        while (!page.isEmpty()) {
            listed.addAll(paths(page));
            page = disk.store().streams(prefix, listed.getLast(), limit);
        }
        return listed;
    }

    private static List<String> paths(List<StreamInfo> streams) {
        return streams.stream().map(stream -> stream.key().path()).toList();
    }
}
