package io.perennial.http;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// What has come of the bodies that haven't arrived yet, of all connections together.
///
/// Where that is more than it may be, whoever is at it for the longest time is cut off until it isn't: who keeps
/// sending is done before long and never the oldest, so that one who doesn't costs its own connection and nobody
/// else's. To refuse the newcomer instead would let a few who don't move shut everybody out.
///
/// A virtual thread that is interrupted while it reads closes its socket, which is what is wanted here. Thread-safe.
final class Arriving {
    /// What is less costs no more than the connection itself.
    private static final int SMALL_BYTES = 4 * 1024;

    private final long mostBytes;
    private final Map<Stay, Thread> stays = new LinkedHashMap<>();
    private long bytes;

    /// @param mostBytes of the heap, about
    Arriving(long mostBytes) {
        this.mostBytes = mostBytes;
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
            // It was meant for the read, and may come too late for it.
            Thread.interrupted();
        }
    }

    private synchronized boolean isCut(Stay stay) {
        return stay.isCut;
    }

    /// What one thread has read until it closes it.
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
                Arriving.this.grow(this, uncounted);
                uncounted = 0;
            }
        }

        /// Whether others needed the room.
        boolean isCut() {
            return isCounted && Arriving.this.isCut(this);
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
