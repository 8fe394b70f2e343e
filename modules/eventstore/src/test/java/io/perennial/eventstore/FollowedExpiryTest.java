package io.perennial.eventstore;

import static io.perennial.eventstore.Steps.assertNext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Follow.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streams that expire, or don't, while somebody follows them.
class FollowedExpiryTest {
    private static final Duration LIFE = Duration.ofSeconds(10);

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
    void a_followed_stream_lives_however_long_nothing_happens_and_its_time_counts_on_after_that() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            for (int i = 0; i < 3; i++) {
                disk.clock().step(LIFE.multipliedBy(100));
                assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
                assertEquals(1, disk.store().streams("", "", 10).size());
                Eventually.holds("kept in the background", () -> secondsOnDisk() == 0);
            }
            disk.append("s", "2");
            assertNext(follow, Ending.UP_TO_DATE, "2");
            disk.clock().step(LIFE.multipliedBy(2));
        }
        disk.clock().step(LIFE.minusMillis(1));
        assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
        disk.clock().step(Duration.ofMillis(1));
        assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
    }

    // Since the last touch that is on disk.
    private long secondsOnDisk() throws Exception {
        return (disk.clock().millis() - disk.number("SELECT touched_millis FROM stream")) / 1_000;
    }

    @Test
    void it_lives_until_the_last_of_its_followers_has_gone() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        Follow first = disk.follow("s", ReadFrom.START, 100);
        Follow second = disk.follow("s", ReadFrom.TAIL, 100);
        first.next(Duration.ZERO);
        second.next(Duration.ZERO);
        disk.clock().step(LIFE.multipliedBy(2));
        first.close();
        first.close();
        disk.clock().step(LIFE.multipliedBy(2));
        assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
        second.close();
        disk.clock().step(LIFE);
        assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
    }

    // What others were told is absent doesn't come back because somebody asks once more.
    @Test
    void to_follow_an_expired_stream_does_not_bring_it_back() throws Exception {
        disk.created(Creates.fresh("s", Creates.sliding(10), "1"));
        disk.clock().step(LIFE);
        assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
            assertInstanceOf(HeadOutcome.Absent.class, disk.head("s"));
            disk.created(Creates.fresh("s", Creates.sliding(10), "2"));
            assertNext(follow, Ending.UP_TO_DATE, "2");
            disk.clock().step(LIFE.multipliedBy(2));
            assertInstanceOf(HeadOutcome.Found.class, disk.head("s"));
        }
    }

    @Test
    void followers_of_a_stream_that_expires_are_told() throws Exception {
        disk.created(Creates.fresh("s", Creates.until(LIFE), "1"));
        try (Follow follow = disk.follow("s", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.clock().step(LIFE);
            assertInstanceOf(Step.Absent.class, follow.next(Eventually.LONG));
            disk.created(Creates.fresh("s", Lifetime.UNLIMITED, "2"));
            assertNext(follow, Ending.UP_TO_DATE, "2");
        }
    }

    @Test
    void a_follower_of_a_fork_does_not_hear_of_its_source_that_expires() throws Exception {
        disk.created(Creates.fresh("s", Creates.until(LIFE), "1"));
        disk.created(Creates.lasting(Creates.sliding(10), Creates.fork("fork", "s")));
        try (Follow follow = disk.follow("fork", ReadFrom.START, 100)) {
            assertNext(follow, Ending.UP_TO_DATE, "1");
            disk.append("s", "not the fork's");
            Steps.assertIdle(follow);
            disk.clock().step(LIFE);
            Eventually.holds("expired", () -> disk.number("SELECT count(*) FROM stream WHERE state = 'OPEN'") == 1);
            Steps.assertIdle(follow);
            disk.append("fork", "2");
            assertNext(follow, Ending.UP_TO_DATE, "2");
        }
        assertEquals(List.of("1", "2"), Appends.texts(disk.everything("fork")));
    }
}
