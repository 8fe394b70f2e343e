package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.ForkModel.Held;
import io.perennial.eventstore.ForkModel.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// What holds of every stream of a store, whatever was done to it.
final class ForkInvariants {
    private static final List<Integer> PAGE_BYTES = List.of(1, 7, 100, 1 << 20);

    private final StoreOnDisk disk;
    private final Random random;
    private final Supplier<String> where;

    ForkInvariants(StoreOnDisk disk, Random random, Supplier<String> where) {
        this.disk = disk;
        this.random = random;
        this.where = where;
    }

    /// From the beginning in pages of every size, and from some other offset.
    void hold_of(Life life) {
        PAGE_BYTES.forEach(pageBytes -> a_read_equals_the_model(life, ReadFrom.START, pageBytes));
        a_read_equals_the_model(life, new ReadFrom.At(someOffset(life)), anyPageBytes());
        a_read_equals_the_model(life, ReadFrom.TAIL, anyPageBytes());
        a_read_equals_the_model(life, new ReadFrom.Last(1 + random.nextInt(5)), anyPageBytes());
        offsets_strictly_increase(life);
        the_head_equals_the_model(life);
        a_fork_shows_nothing_of_its_source_that_came_after_it(life);
    }

    /// The same from every offset there is.
    void hold_from_everywhere_of(Life life) {
        hold_of(life);
        for (Held event : life.events) {
            a_read_equals_the_model(life, new ReadFrom.At(event.offset()), anyPageBytes());
            a_read_equals_the_model(life, new ReadFrom.At(event.offset().next()), anyPageBytes());
        }
    }

    private int anyPageBytes() {
        return PAGE_BYTES.get(random.nextInt(PAGE_BYTES.size()));
    }

    private Offset someOffset(Life life) {
        return life.events.isEmpty() || random.nextInt(4) == 0
                ? Offset.since(disk.clock().instant().minusMillis(random.nextInt(200_000) - 10_000))
                : life.events.get(random.nextInt(life.events.size())).offset();
    }

    private static Offset last(Life life, int count) {
        List<Held> all = life.from(Offset.LEAST);
        return all.size() < count ? Offset.LEAST : all.get(all.size() - count).offset();
    }

    private void a_read_equals_the_model(Life life, ReadFrom from, int pageBytes) {
        Offset cursor = switch (from) {
            case ReadFrom.Start _ -> Offset.LEAST;
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> life.tail();
            case ReadFrom.Last(int events) -> last(life, events);
        };
        Supplier<String> read = () -> life.name() + " from " + from + " by " + pageBytes + ", " + where.get();
        List<Held> expected = life.from(cursor);
        List<Event> events = new ArrayList<>();
        Page page = page(life, from, pageBytes, read);
        while (true) {
            a_read_never_goes_below_its_cursor(page, cursor, read);
            a_page_is_not_longer_than_asked(page, pageBytes, read);
            events.addAll(page.events());
            if (events.size() >= expected.size()) {
                break;
            }
            assertEquals(Ending.MORE, page.ending(), read);
            assertFalse(page.events().isEmpty(), read);
            cursor = page.next();
            page = page(life, new ReadFrom.At(cursor), pageBytes, read);
        }
        assertEquals(life.ending(), page.ending(), read);
        assertEquals(life.tail(), page.next(), read);
        assertEquals(
                expected.stream().map(event -> event.offset() + event.data()).toList(),
                events.stream()
                        .map(event -> event.offset() + Appends.text(event))
                        .toList(),
                read);
    }

    private Page page(Life life, ReadFrom from, int pageBytes, Supplier<String> read) {
        return assertInstanceOf(ReadOutcome.Read.class, disk.read(life.name(), from, pageBytes), read)
                .page();
    }

    private static void a_read_never_goes_below_its_cursor(Page page, Offset cursor, Supplier<String> read) {
        page.events().forEach(event -> assertFalse(event.offset().isBefore(cursor), read));
    }

    private static void a_page_is_not_longer_than_asked(Page page, int pageBytes, Supplier<String> read) {
        if (page.events().size() > 1) {
            assertTrue(page.bytes() - page.events().getLast().data().length < pageBytes, read);
        }
    }

    private void offsets_strictly_increase(Life life) {
        List<Event> events = disk.everything(life.name());
        for (int i = 1; i < events.size(); i++) {
            assertTrue(events.get(i - 1).offset().isBefore(events.get(i).offset()), where);
        }
    }

    private void the_head_equals_the_model(Life life) {
        assertEquals(new HeadOutcome.Found(life.info()), disk.head(life.name()), where);
    }

    // Whatever the source was given after the fork has a greater offset than the fork's creation.
    private void a_fork_shows_nothing_of_its_source_that_came_after_it(Life life) {
        for (Event event : disk.everything(life.name())) {
            assertTrue(
                    event.offset().isBefore(life.born.created()) || life.own.contains(event.offset()),
                    () -> event.offset() + " in " + life.name() + ", " + where.get());
        }
    }
}
