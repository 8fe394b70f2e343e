package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads of the last so many events, wherever these lie.
class LastEventsTest {
    private static final int PAGE_BYTES = 1 << 20;

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
    void are_the_end_of_all_of_them_however_many_are_asked_for_and_wherever_they_lie() {
        var random = new Random(4_437);
        disk.accepted(Appends.of("source", numbers(0, 6_000)));
        disk.created(Creates.fork("fork", "source"));
        List<String> streams = List.of("source", "fork");
        for (int round = 0; round < 20; round++) {
            for (String stream : streams) {
                List<String> all = Appends.texts(disk.everything(stream));
                for (int count : List.of(1, 2, 1 + random.nextInt(all.size()), all.size(), all.size() + 1)) {
                    assertEquals(
                            all.subList(Math.max(0, all.size() - count), all.size()),
                            Appends.texts(disk.from(stream, new ReadFrom.Last(count), PAGE_BYTES)),
                            () -> count + " of " + stream);
                }
                disk.accepted(Appends.of(stream, numbers(all.size(), all.size() + 1 + random.nextInt(60))));
            }
            if (round % 5 == 4) {
                disk.reopen();
            }
        }
    }

    private static List<byte[]> numbers(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toString(i).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void of_a_follower_are_followed_by_what_comes() throws Exception {
        disk.append("s", "1", "2", "3");
        try (Follow follow = disk.follow("s", new ReadFrom.Last(2), PAGE_BYTES)) {
            List<String> seen = new ArrayList<>(next(follow));
            disk.append("s", "4");
            seen.addAll(next(follow));
            assertEquals(List.of("2", "3", "4"), seen);
        }
    }

    private static List<String> next(Follow follow) throws Exception {
        Follow.Step step = follow.next(Duration.ofSeconds(10));
        return step instanceof Follow.Step.Next(Page page, ContentType _) ? Appends.texts(page.events()) : List.of();
    }

    @Test
    void of_a_stream_that_has_none_are_none() {
        disk.created(Creates.fresh("s", Lifetime.UNLIMITED));
        assertEquals(List.of(), disk.from("s", new ReadFrom.Last(5), PAGE_BYTES));
    }

    @Test
    void are_one_at_least_and_a_bounded_number() {
        assertThrows(IllegalArgumentException.class, () -> new ReadFrom.Last(0));
        assertThrows(IllegalArgumentException.class, () -> new ReadFrom.Last(ReadFrom.Last.MOST + 1));
    }
}
