package io.perennial.eventstore;

import static io.perennial.eventstore.Steps.assertIdle;
import static io.perennial.eventstore.Steps.assertNext;
import static io.perennial.eventstore.Steps.everythingThatWaits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Follow.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a follower is told of a stream that is born, closed or deleted while it looks, or while it doesn't.
class FollowedLifeTest {
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
    void an_unknown_stream_is_said_once_and_followed_from_its_birth() throws Exception {
        try (Follow follow = disk.follow("s", ReadFrom.TAIL, 1)) {
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertIdle(follow);
            disk.append("other", "x");
            assertIdle(follow);
            disk.append("s", "1", "2");
            assertNext(follow, Ending.MORE, "1");
            assertNext(follow, Ending.UP_TO_DATE, "2");
            assertIdle(follow);
        }
    }

    @Test
    void a_birth_before_the_first_look_is_no_absence() throws Exception {
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            disk.append("s", "1");
            assertNext(follow, Ending.UP_TO_DATE, "1");
            assertIdle(follow);
        }
    }

    @Test
    void a_stream_that_is_born_closed_is_a_stream_that_ends() throws Exception {
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            disk.accepted(Appends.closing("s"));
            assertNext(follow, Ending.CLOSED);
            assertIdle(follow);
        }
    }

    @Test
    void the_close_is_said_with_its_last_event() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.accepted(Appends.closing("s", "2"));
            assertNext(follow, Ending.CLOSED, "2");
            assertIdle(follow);
        }
    }

    @Test
    void a_close_without_an_event_is_a_page_without_one() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.accepted(Appends.closing("s"));
            assertNext(follow, Ending.CLOSED);
            assertIdle(follow);
        }
    }

    @Test
    void a_closed_stream_ends_with_its_last_page() throws Exception {
        disk.append("s", "1");
        disk.accepted(Appends.closing("s", "2"));
        try (Follow follow = disk.follow("s", ReadFrom.START, 1)) {
            assertNext(follow, Ending.MORE, "1");
            assertNext(follow, Ending.CLOSED, "2");
            assertIdle(follow);
        }
        try (Follow atTail = disk.follow("s", ReadFrom.TAIL, 1)) {
            assertNext(atTail, Ending.CLOSED);
        }
    }

    @Test
    void a_close_that_was_read_before_it_was_heard_is_said_once() throws Exception {
        disk.append("a", "1");
        disk.append("b", "1");
        try (Follow eventAndClose = disk.follow("a", ReadFrom.START, 100);
                Follow closeOnly = disk.follow("b", ReadFrom.START, 100)) {
            disk.accepted(Appends.closing("a", "2"));
            assertNext(eventAndClose, Ending.CLOSED, "1", "2");
            assertIdle(eventAndClose);
            disk.accepted(Appends.closing("b"));
            assertNext(closeOnly, Ending.CLOSED, "1");
            assertIdle(closeOnly);
        }
    }

    @Test
    void a_deletion_is_said_once_and_the_next_stream_of_the_name_is_followed_from_its_start() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.delete("s");
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertIdle(follow);
            disk.delete("s");
            assertIdle(follow);
            disk.append("s", "2");
            assertNext(follow, Ending.UP_TO_DATE, "2");
            disk.append("s", "3");
            assertNext(follow, Ending.UP_TO_DATE, "3");
            disk.delete("s");
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertIdle(follow);
        }
    }

    @Test
    void a_deletion_before_the_first_look_is_said_once() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            disk.delete("s");
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertIdle(follow);
        }
    }

    @Test
    void a_stream_reborn_before_the_first_look_is_not_given_twice() throws Exception {
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            disk.delete("s");
            disk.append("s", "2");
            assertEquals(List.of("2"), everythingThatWaits(follow));
            disk.append("s", "3");
            assertEquals(List.of("3"), everythingThatWaits(follow));
        }
    }

    @Test
    void a_stream_reborn_while_it_is_caught_up_with_is_not_given_twice() throws Exception {
        disk.append("s", "1", "2");
        try (Follow follow = disk.follow("s", ReadFrom.START, 1)) {
            assertNext(follow, Ending.MORE, "1");
            disk.delete("s");
            disk.append("s", "3", "4");
            assertEquals(List.of("3", "4"), everythingThatWaits(follow));
        }
    }

    @Test
    void a_stream_reborn_while_the_follower_lagged_is_said_to_be_another() throws Exception {
        disk.close();
        disk = new StoreOnDisk(StoreConfig.of(directory), new BusLimits(1, 10_000));
        disk.append("s", "1");
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.delete("s");
            disk.append("s", "2");
            disk.append("s", "3");
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertEquals(List.of("2", "3"), everythingThatWaits(follow));
        }
    }

    @Test
    void a_stream_that_is_kept_only_for_its_forks_is_said_to_be_gone() throws Exception {
        disk.append("s", "1");
        disk.sql("UPDATE stream SET state = 'SOFT_DELETED'");
        disk.reopen();
        assertInstanceOf(ReadOutcome.SoftDeleted.class, disk.read("s", ReadFrom.START, 1));
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertInstanceOf(Step.SoftDeleted.class, follow.next(Duration.ZERO));
        }
    }

    @Test
    void a_follower_learns_that_retention_overtook_it() throws Exception {
        Offset first = disk.append("s", "1", "2").first();
        Offset tail = disk.info("s").tail();
        disk.sql("UPDATE stream SET trimmed = x'" + HexFormat.of().formatHex(tail.bytes()) + "'");
        disk.reopen();
        try (Follow follow = disk.follow("s", new ReadFrom.At(first), 1)) {
            assertEquals(new Step.Trimmed(tail), follow.next(Duration.ZERO));
        }
    }
}
