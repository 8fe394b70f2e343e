package io.perennial.http;

import io.perennial.eventstore.Page;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is kept for clients in the middle of something, of all connections together: what has come of bodies that
/// haven't arrived yet, and answers that haven't been taken.
///
/// Where that is more than it may be, whoever is at it for the longest time is cut off until it isn't: who keeps
/// sending, or reading, is done before long and never the oldest, so that one who doesn't costs its own connection and
/// nobody else's. To refuse the newcomer instead would let a few who don't move shut everybody out. Before that,
/// answers become smaller, so that a crowd that reads slowly has room.
///
/// A virtual thread that is interrupted while it reads or writes closes its socket, which is what is wanted here.
/// Thread-safe.
final class Transit {
    /// What is less costs no more than the connection itself.
    private static final int SMALL_BYTES = 4 * 1024;

    /// A page of a long stream, as small as it gets.
    private static final int LEAST_PAGE_BYTES = 16 * 1024;

    /// Pages that the free room has to be for.
    private static final int PAGES = 64;

    /// Of an event beside its own bytes, about.
    private static final int EVENT_BYTES = 100;

    private final long mostBytes;
    private final Map<Stay, Thread> stays = new LinkedHashMap<>();
    private volatile long bytes;

    /// @param mostBytes of the heap, about
    Transit(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /// How large a page may be now, of so many bytes at most.
    int page(int most) {
        return Math.min(most, Math.clamp((mostBytes - bytes) / PAGES, LEAST_PAGE_BYTES, Integer.MAX_VALUE));
    }

    /// Sends a page, which is kept until its client has taken it, as read and as sent.
    void send(Page page, Runnable send) {
        try (Stay stay = new Stay()) {
            stay.grow(2 * page.bytes() + (long) EVENT_BYTES * page.events().size());
            Answers.unlessGone(send::run);
        }
    }

    private synchronized void grow(Stay stay, long more) {
        if (stay.isCut) {
            return;
        }
        stays.put(stay, Thread.currentThread());
        stay.bytes += more;
        bytes += more;
        Iterator<Map.Entry<Stay, Thread>> oldest = stays.entrySet().iterator();
        while (bytes > mostBytes && stays.size() > 1) {
            Map.Entry<Stay, Thread> cut = oldest.next();
            oldest.remove();
            bytes -= cut.getKey().bytes;
            cut.getKey().isCut = true;
            cut.getValue().interrupt();
        }
    }

    private synchronized void end(Stay stay) {
        if (stays.remove(stay) != null) {
            bytes -= stay.bytes;
        } else if (stay.isCut) {
            // It was meant for the read or write, and may come too late for it.
            Thread.interrupted();
        }
    }

    private synchronized boolean isCut(Stay stay) {
        return stay.isCut;
    }

    /// What is kept for one thread until it closes it.
    final class Stay implements AutoCloseable {
        private long bytes;
        private boolean isCut;
        // The thread's own.
        private long uncounted;
        private boolean isCounted;

        void grow(long more) {
            uncounted += more;
            if (uncounted >= SMALL_BYTES) {
                isCounted = true;
                Transit.this.grow(this, uncounted);
                uncounted = 0;
            }
        }

        /// Whether others needed the room.
        boolean isCut() {
            return isCounted && Transit.this.isCut(this);
        }

        void requireNotCut() throws IOException {
            if (isCut()) {
                throw new IOException("cut off: the client was too slow, and others needed the room");
            }
        }

        @Override
        public void close() {
            if (isCounted) {
                end(this);
            }
        }
    }
}
