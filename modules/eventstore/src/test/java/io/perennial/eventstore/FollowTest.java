package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static io.perennial.eventstore.Steps.assertIdle;
import static io.perennial.eventstore.Steps.assertNext;
import static io.perennial.eventstore.Steps.everythingThatWaits;
import static io.perennial.eventstore.Steps.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Follow.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From where a follower gives what, and how it waits.
class FollowTest {
    @TempDir
    private Path directory;

    private StoreOnDisk disk;

    @BeforeEach
    void open() {
        disk = new StoreOnDisk(directory);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void it_catches_up_page_by_page_then_gives_what_comes() throws Exception {
        disk.append("s", "1", "2");
        disk.append("s", "3");
        try (Follow follow = disk.follow("s", ReadFrom.START, 1)) {
            assertNext(follow, Ending.MORE, "1");
            assertNext(follow, Ending.MORE, "2");
            assertNext(follow, Ending.UP_TO_DATE, "3");
            assertIdle(follow);
            disk.append("s", "4", "5");
            assertNext(follow, Ending.UP_TO_DATE, "4", "5");
            disk.append("s", "6");
            disk.append("s", "7");
            assertNext(follow, Ending.UP_TO_DATE, "6");
            assertNext(follow, Ending.UP_TO_DATE, "7");
            assertIdle(follow);
        }
    }

    @Test
    void what_comes_wakes_whoever_waits() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 100)) {
            assertNext(follow, Ending.UP_TO_DATE);
            Future<Step> waiting = Eventually.start(() -> follow.next(Eventually.LONG));
            disk.append("s", "2");
            assertEquals(List.of("2"), texts(page(Eventually.result(waiting)).events()));
        }
    }

    @Test
    void what_was_stored_between_the_beginning_and_the_first_read_comes_once() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            disk.append("s", "2");
            assertNext(follow, Ending.UP_TO_DATE, "1", "2");
            assertIdle(follow);
            disk.append("s", "3");
            assertNext(follow, Ending.UP_TO_DATE, "3");
        }
    }

    @Test
    void each_page_comes_with_the_type_of_its_stream() throws Exception {
        disk.accepted(Appends.typed("text/plain", Appends.of("s", "1")));
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertEquals(
                    new ContentType("text/plain"),
                    assertInstanceOf(Step.Next.class, follow.next(Duration.ZERO))
                            .contentType());
            disk.accepted(Appends.typed("text/plain;charset=utf-8", Appends.of("s", "2")));
            assertEquals(
                    new ContentType("text/plain"),
                    assertInstanceOf(Step.Next.class, follow.next(Duration.ZERO))
                            .contentType());
        }
    }

    @Test
    void now_is_the_tail_and_only_what_comes_later_is_given() throws Exception {
        var before = disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 100)) {
            assertEquals(before.next(), assertNext(follow, Ending.UP_TO_DATE).next());
            disk.append("s", "2");
            assertNext(follow, Ending.UP_TO_DATE, "2");
        }
    }

    @Test
    void an_offset_beyond_the_tail_is_the_tail_and_is_not_waited_for() throws Exception {
        var before = disk.append("s", "1");
        var beyond = new ReadFrom.At(Offset.since(StoreOnDisk.BEGINNING.plus(Duration.ofDays(1))));
        try (Follow follow = disk.follow("s", beyond, 100)) {
            assertEquals(before.next(), assertNext(follow, Ending.UP_TO_DATE).next());
            disk.append("s", "2");
            assertNext(follow, Ending.UP_TO_DATE, "2");
        }
    }

    @Test
    void it_begins_with_the_event_at_an_events_own_offset_and_behind_it_at_the_next() throws Exception {
        disk.append("s", "1", "2", "3");
        Offset second = disk.everything("s").get(1).offset();
        try (Follow own = disk.follow("s", new ReadFrom.At(second), 100);
                Follow next = disk.follow("s", new ReadFrom.At(second.next()), 100)) {
            assertNext(own, Ending.UP_TO_DATE, "2", "3");
            assertNext(next, Ending.UP_TO_DATE, "3");
        }
    }

    @Test
    void whoever_lags_behind_the_bus_reads_on_in_the_store() throws Exception {
        disk.close();
        disk = new StoreOnDisk(StoreConfig.of(directory), new BusLimits(2, 10_000));
        disk.append("s", "0");
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 3)) {
            assertNext(follow, Ending.UP_TO_DATE);
            List<String> appended =
                    IntStream.range(1, 10).mapToObj(String::valueOf).toList();
            appended.forEach(event -> disk.append("s", event));
            assertEquals(appended, everythingThatWaits(follow));
            disk.append("s", "10");
            assertNext(follow, Ending.UP_TO_DATE, "10");
        }
    }

    @Test
    void a_commit_larger_than_the_whole_window_is_read_in_the_store() throws Exception {
        disk.close();
        disk = new StoreOnDisk(StoreConfig.of(directory), new BusLimits(10, 1));
        disk.append("s", "0");
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 100)) {
            assertNext(follow, Ending.UP_TO_DATE);
            disk.append("s", "1");
            disk.append("s", "2");
            assertEquals(List.of("1", "2"), everythingThatWaits(follow));
            disk.accepted(Appends.closing("s"));
            assertNext(follow, Ending.CLOSED);
        }
    }

    @Test
    void all_who_stand_at_the_tail_share_one_page_and_one_encoding() throws Exception {
        var encoded = new AtomicInteger();
        PageEncoder encoder = page -> {
            encoded.incrementAndGet();
            return new byte[page.events().size()];
        };
        disk.append("s", "0");
        List<Follow> followers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Follow follow = disk.follow("s", i % 2 == 0 ? ReadFrom.START : ReadFrom.TAIL, 100);
            page(follow.next(Duration.ZERO));
            followers.add(follow);
        }
        for (int commit = 1; commit <= 5; commit++) {
            disk.append("s", "a", "b");
            Page shared = page(followers.getFirst().next(Duration.ZERO));
            byte[] bytes = shared.encoded(encoder);
            for (Follow follow : followers.subList(1, followers.size())) {
                Page page = page(follow.next(Duration.ZERO));
                assertSame(shared, page);
                assertSame(bytes, page.encoded(encoder));
            }
            assertEquals(commit, encoded.get());
        }
        followers.forEach(Follow::close);
        assertEquals(0, disk.bus().subscriptions());
    }

    @Test
    void close_from_another_thread_ends_a_wait() throws Exception {
        disk.append("s", "1");
        Follow follow = disk.follow("s", ReadFrom.TAIL, 100);
        assertNext(follow, Ending.UP_TO_DATE);
        Future<Step> waiting = startedToWait(() -> follow.next(Eventually.LONG.multipliedBy(3)));
        follow.close();
        assertInstanceOf(Step.Ended.class, Eventually.result(waiting));
        assertInstanceOf(Step.Ended.class, follow.next(Duration.ZERO));
        assertEquals(0, disk.bus().subscriptions());
    }

    @Test
    void a_follower_that_was_closed_gives_nothing_more() throws Exception {
        disk.append("s", "1", "2", "3");
        Follow follow = disk.follow("s", ReadFrom.START, 1);
        assertNext(follow, Ending.MORE, "1");
        follow.close();
        assertInstanceOf(Step.Ended.class, follow.next(Duration.ZERO));
    }

    @Test
    void the_end_of_the_bus_ends_the_follower_once_it_has_had_everything() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.append("s", "2");
            disk.bus().close();
            assertNext(follow, Ending.UP_TO_DATE, "2");
            assertInstanceOf(Step.Ended.class, follow.next(Eventually.LONG));
            assertInstanceOf(Step.Ended.class, follow.next(Eventually.LONG));
        }
    }

    @Test
    void a_wait_may_be_as_long_as_time() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            Future<Step> waiting = startedToWait(() -> follow.next(ChronoUnit.FOREVER.getDuration()));
            disk.append("s", "2");
            assertEquals(List.of("2"), texts(page(Eventually.result(waiting)).events()));
        }
    }

    @Test
    void nothing_within_the_wait_is_idle() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 100)) {
            assertNext(follow, Ending.UP_TO_DATE);
            long begun = System.nanoTime();
            assertInstanceOf(Step.Idle.class, follow.next(Duration.ofMillis(50)));
            assertEquals(true, System.nanoTime() - begun >= 50_000_000);
            assertInstanceOf(Step.Idle.class, follow.next(Duration.ofMillis(-1)));
        }
    }

    @Test
    void an_interrupt_loses_nothing() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.append("s", "2");
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> follow.next(Eventually.LONG));
            assertNext(follow, Ending.UP_TO_DATE, "2");
        }
    }

    private static <T> Future<T> startedToWait(Callable<T> wait) throws InterruptedException {
        var started = new CountDownLatch(1);
        Future<T> waiting = Eventually.start(() -> {
            started.countDown();
            return wait.call();
        });
        started.await();
        return waiting;
    }
}
