package io.perennial.eventstore;

import static io.perennial.eventstore.Steps.assertIdle;
import static io.perennial.eventstore.Steps.assertNext;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Follow.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a stream after a follower's read was made and before it is answered: the worst moment, every time.
class InterleavedFollowTest {
    private final Deque<Runnable> meanwhile = new ArrayDeque<>();
    private StoreOnDisk disk;
    private Follow follow;

    @BeforeEach
    void open(@TempDir Path directory) {
        disk = new StoreOnDisk(directory);
        Touches.Hold hold = new Touches(InstantSource.system()).follow(Appends.key("s"));
        follow = new Follow(this::readLate, disk.bus().subscribe("s"), hold, Appends.key("s"), ReadFrom.START, 1);
    }

    @AfterEach
    void close() {
        follow.close();
        disk.close();
    }

    @Test
    void an_append_is_given_next() throws Exception {
        disk.append("s", "1");
        meanwhile.add(() -> disk.append("s", "2"));
        assertNext(follow, Ending.UP_TO_DATE, "1");
        assertNext(follow, Ending.UP_TO_DATE, "2");
        assertIdle(follow);
    }

    @Test
    void so_are_several_while_it_catches_up() throws Exception {
        disk.append("s", "1", "2");
        meanwhile.add(() -> disk.append("s", "3"));
        meanwhile.add(() -> disk.append("s", "4"));
        assertNext(follow, Ending.MORE, "1");
        assertNext(follow, Ending.MORE, "2");
        assertNext(follow, Ending.MORE, "3");
        assertNext(follow, Ending.UP_TO_DATE, "4");
        assertIdle(follow);
    }

    @Test
    void a_birth_is_seen() throws Exception {
        meanwhile.add(() -> disk.append("s", "1"));
        assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
        assertNext(follow, Ending.UP_TO_DATE, "1");
        assertIdle(follow);
    }

    @Test
    void a_close_is_said_once() throws Exception {
        disk.append("s", "1");
        meanwhile.add(() -> disk.accepted(Appends.closing("s", "2")));
        assertNext(follow, Ending.UP_TO_DATE, "1");
        assertNext(follow, Ending.CLOSED, "2");
        assertIdle(follow);
    }

    @Test
    void a_deletion_is_said() throws Exception {
        disk.append("s", "1");
        meanwhile.add(() -> disk.delete("s"));
        assertNext(follow, Ending.UP_TO_DATE, "1");
        assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
        assertIdle(follow);
    }

    @Test
    void a_rebirth_is_another_stream() throws Exception {
        disk.append("s", "1", "x");
        meanwhile.add(() -> {
            disk.delete("s");
            disk.append("s", "2");
        });
        assertNext(follow, Ending.MORE, "1");
        assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
        assertNext(follow, Ending.UP_TO_DATE, "2");
        assertIdle(follow);
    }

    @Test
    void a_life_that_came_and_went_is_not_missed_for_ever() throws Exception {
        meanwhile.add(() -> {
            disk.append("s", "1");
            disk.delete("s");
        });
        assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
        assertIdle(follow);
        meanwhile.add(() -> {
            disk.delete("s");
            disk.append("s", "3");
        });
        disk.append("s", "2");
        assertNext(follow, Ending.UP_TO_DATE, "2");
        assertInstanceOf(Step.Absent.class, follow.next(Duration.ZERO));
        assertNext(follow, Ending.UP_TO_DATE, "3");
        assertIdle(follow);
        assertEquals(0, meanwhile.size());
    }

    // The answer comes late: something else happens first.
    private ReadOutcome readLate(StreamKey stream, ReadFrom from, int pageBytes) {
        ReadOutcome outcome = disk.store().read(stream, from, pageBytes);
        if (!meanwhile.isEmpty()) {
            meanwhile.removeFirst().run();
        }
        return outcome;
    }
}
