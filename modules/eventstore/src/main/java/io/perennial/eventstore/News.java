package io.perennial.eventstore;

import java.util.ArrayList;
import java.util.List;

/// What followers are told of a group, once it has committed.
sealed interface News {
    StreamKey stream();

    Commit commit();

    /// What the group adds to one stream.
    final class Grown implements News {
        final Offset from;
        final List<Event> events = new ArrayList<>();
        StreamRow row;

        Grown(StreamRow before) {
            this.from = before.tail();
            this.row = before;
        }

        /// Adds events, each under an offset of its own. Returns the first of these offsets; where there are no events,
        /// the tail.
        Offset add(List<byte[]> added, Minting minting) {
            if (added.isEmpty()) {
                return row.tail();
            }
            int first = events.size();
            int rest = added.size();
            for (byte[] data : added) {
                events.add(new Event(minting.offset(), data, --rest));
            }
            row = row.grown(events.getLast().offset().next());
            return events.get(first).offset();
        }

        @Override
        public StreamKey stream() {
            return row.key();
        }

        @Override
        public Commit commit() {
            Page page = new Page(events, row.tail(), row.ending());
            return new Commit.Appended(row.key(), row.created(), row.contentType(), from, page);
        }
    }

    record Removed(StreamKey stream, Offset created) implements News {
        @Override
        public Commit commit() {
            return new Commit.Deleted(stream, created);
        }
    }
}
