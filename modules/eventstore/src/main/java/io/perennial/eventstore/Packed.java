package io.perennial.eventstore;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/// Events of one stream as bytes, the way they lie in the tables: runs, one behind another.
///
/// A run is its length without these two numbers (4 bytes), the CRC-32C of the rest (4), and its events: each 16 bytes
/// of offset, how many events of the same append are behind it (4), its length (4), and its data. All numbers are big
/// endian. Runs can be put behind one another without being looked at.
///
/// The checksum is for what SQLite doesn't notice: a block whose content has changed.
final class Packed {
    private static final int RUN_BYTES = 2 * Integer.BYTES;
    private static final int EVENT_BYTES = Offset.BYTES + 2 * Integer.BYTES;

    private Packed() {}

    /// How many bytes a run of these events takes.
    static int size(Collection<Event> events) {
        long size = RUN_BYTES;
        for (Event event : events) {
            size += EVENT_BYTES + event.data().length;
        }
        return Math.toIntExact(size);
    }

    /// One run.
    static byte[] run(Collection<Event> events) {
        ByteBuffer run = ByteBuffer.allocate(size(events));
        write(events, run);
        return run.array();
    }

    /// Writes one run.
    static void write(Collection<Event> events, ByteBuffer to) {
        int begin = to.position();
        to.position(begin + RUN_BYTES);
        for (Event event : events) {
            to.put(event.offset().bytes())
                    .putInt(event.rest())
                    .putInt(event.data().length)
                    .put(event.data());
        }
        int length = to.position() - begin - RUN_BYTES;
        to.putInt(begin, length);
        to.putInt(begin + Integer.BYTES, checksum(to.slice(begin + RUN_BYTES, length)));
    }

    /// Reads one run.
    ///
    /// @throws DamagedException where it isn't what was written
    static List<Event> read(ByteBuffer from) {
        if (from.remaining() < RUN_BYTES) {
            throw new DamagedException("a run of events is cut off");
        }
        int length = from.getInt();
        int checksum = from.getInt();
        if (length < 0 || length > from.remaining() || checksum(from.slice(from.position(), length)) != checksum) {
            throw new DamagedException("a run of events doesn't have its checksum");
        }
        int end = from.position() + length;
        List<Event> events = new ArrayList<>();
        while (from.position() < end) {
            byte[] offset = new byte[Offset.BYTES];
            from.get(offset);
            int rest = from.getInt();
            byte[] data = new byte[from.getInt()];
            from.get(data);
            events.add(new Event(Offset.of(offset), data, rest));
        }
        return events;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }
}
