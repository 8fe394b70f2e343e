package io.perennial.eventstore;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Pages that were read lately, so that what many clients read is read and encoded once.
///
/// A page that has more behind it never changes; one that reached the tail holds as long as the tail is where it was.
/// The pages that were used least recently make room for others. Thread-safe.
final class PageCache {
    private static final int EVENT_BYTES = 128;
    // The page as it was read, and as it was encoded.
    private static final int COPIES = 2;
    private static final float LOAD_FACTOR = 0.75f;

    private record Key(Offset created, ReadFrom from, int pageBytes) {}

    private final long mostBytes;
    private final Map<Key, Page> pages = new LinkedHashMap<>(16, LOAD_FACTOR, true);
    private long bytes;

    /// @param mostBytes what the pages may take of the heap together, about
    PageCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    synchronized Optional<Page> page(StreamRow row, ReadFrom from, int pageBytes) {
        return Optional.ofNullable(pages.get(new Key(row.created(), from, pageBytes)))
                .filter(page -> holds(page, row));
    }

    private static boolean holds(Page page, StreamRow row) {
        boolean isWhole = !page.events().getFirst().offset().isBefore(row.trimmed());
        boolean isLast = page.next().equals(row.tail()) && page.ending() == row.ending();
        return isWhole && (page.ending() == Ending.MORE || isLast);
    }

    /// Keeps a page that has events.
    synchronized void keep(Offset created, ReadFrom from, int pageBytes, Page page) {
        if (weight(page) > mostBytes) {
            return;
        }
        Page before = pages.put(new Key(created, from, pageBytes), page);
        bytes += weight(page) - (before == null ? 0 : weight(before));
        Iterator<Page> eldest = pages.values().iterator();
        while (bytes > mostBytes) {
            bytes -= weight(eldest.next());
            eldest.remove();
        }
    }

    private static long weight(Page page) {
        return COPIES * page.bytes() + (long) EVENT_BYTES * page.events().size();
    }
}
