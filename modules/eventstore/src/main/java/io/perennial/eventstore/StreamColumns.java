package io.perennial.eventstore;

import io.helidon.dbclient.DbRow;
import io.perennial.eventstore.Producer.Idempotent;
import io.perennial.eventstore.StreamRow.Birth;
import io.perennial.eventstore.StreamRow.Extent;
import io.perennial.eventstore.StreamRow.State;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a [StreamRow] lies in the columns of [StreamTable], in both directions: which alternative is meant shows by
/// which columns are null.
final class StreamColumns {
    /// The columns that [#row] reads, in its order; a condition follows. What they say of the tail holds where all of
    /// the stream's events have settled.
    static final String SELECT = """
            SELECT id, path, created, content_type, %s, trimmed, state, closer, closer_epoch, closer_seq, stream_seq,
                   ttl_seconds, expires_millis, touched_millis,
                   parent, fork_anchor, fork_sub, fork_offset, fork_cut_bytes, forks,
                   retain_seconds, retain_bytes, retain_events
            FROM stream
            """.formatted(ChunkTable.LAST_OF_STREAM);

    private StreamColumns() {}

    static StreamRow row(DbRow row) {
        Birth birth = new Birth(
                number(row, 1),
                new StreamKey(row.column(2).get(String.class)),
                offset(row, 3),
                new ContentType(row.column(4).get(String.class)),
                lifetime(row),
                retention(row),
                lineage(row));
        Offset trimmed = offset(row, 6);
        Offset tail = isNull(row, 5) ? birth.firstTail() : offset(row, 5).next();
        return new StreamRow(
                birth,
                // Of a stream that was trimmed to its end there is nothing left to tell where that was.
                new Extent(Offset.later(tail, trimmed), trimmed),
                State.valueOf(row.column(7).get(String.class)),
                isNull(row, 8)
                        ? Producer.ANONYMOUS
                        : new Idempotent(row.column(8).get(String.class), number(row, 9), number(row, 10)),
                isNull(row, 11)
                        ? WriterSeq.NONE
                        : new WriterSeq.Value(
                                new String(row.column(11).get(byte[].class), StandardCharsets.ISO_8859_1)),
                isNull(row, 14) ? 0 : number(row, 14),
                (int) number(row, 20));
    }

    private static Lifetime lifetime(DbRow row) {
        if (!isNull(row, 12)) {
            return new Lifetime.Sliding(number(row, 12));
        }
        return isNull(row, 13) ? Lifetime.UNLIMITED : new Lifetime.Until(Instant.ofEpochMilli(number(row, 13)));
    }

    private static Retention retention(DbRow row) {
        return new Retention(bound(row, 21), bound(row, 22), bound(row, 23));
    }

    private static long bound(DbRow row, int column) {
        return isNull(row, column) ? Retention.ALL : number(row, column);
    }

    private static Lineage lineage(DbRow row) {
        if (isNull(row, 15)) {
            return Lineage.ROOT;
        }
        int lastBytes = isNull(row, 19) ? Integer.MAX_VALUE : (int) number(row, 19);
        return new Lineage.Forked(number(row, 15), offset(row, 16), number(row, 17), offset(row, 18), lastBytes);
    }

    private static boolean isNull(DbRow row, int column) {
        return row.column(column).get(Object.class) == null;
    }

    private static long number(DbRow row, int column) {
        return row.column(column).get(Number.class).longValue();
    }

    private static Offset offset(DbRow row, int column) {
        return Offset.of(row.column(column).get(byte[].class));
    }

    /// The values of a new row, in the order of the statement that inserts it.
    static @Nullable Object[] values(StreamRow row) {
        Closer closer = Closer.of(row.closer());
        Expiry expiry = Expiry.of(row);
        Fork fork = Fork.of(row.birth().lineage());
        Retention retention = row.birth().retention();
        return new @Nullable Object[] {
            row.id(),
            row.key().path(),
            row.created().bytes(),
            row.contentType().value(),
            row.extent().trimmed().bytes(),
            row.state().name(),
            closer.id(),
            closer.epoch(),
            closer.seq(),
            expiry.ttlSeconds(),
            expiry.expiresMillis(),
            expiry.touchedMillis(),
            fork.parent(),
            bytes(fork.anchor()),
            fork.sub(),
            bytes(fork.offset()),
            fork.cutBytes(),
            bound(retention.ageSeconds()),
            bound(retention.bytes()),
            bound(retention.events())
        };
    }

    private static @Nullable Long bound(long kept) {
        return kept == Retention.ALL ? null : kept;
    }

    static byte @Nullable [] bytes(WriterSeq seq) {
        return switch (seq) {
            case WriterSeq.None _ -> null;
            case WriterSeq.Value(String value) -> value.getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    private static byte @Nullable [] bytes(@Nullable Offset offset) {
        return offset == null ? null : offset.bytes();
    }

    /// The append that closed the stream.
    record Closer(
            @Nullable String id,
            @Nullable Long epoch,
            @Nullable Long seq) {
        static Closer of(Producer producer) {
            return switch (producer) {
                case Producer.Anonymous _ -> new Closer(null, null, null);
                case Idempotent(String id, long epoch, long seq) -> new Closer(id, epoch, seq);
            };
        }
    }

    private record Expiry(
            @Nullable Long ttlSeconds,
            @Nullable Long expiresMillis,
            @Nullable Long touchedMillis) {
        static Expiry of(StreamRow row) {
            return switch (row.lifetime()) {
                case Lifetime.Unlimited _ -> new Expiry(null, null, null);
                case Lifetime.Sliding(long seconds) ->
                    new Expiry(seconds, row.deadlineMillis(row.touchedMillis()), row.touchedMillis());
                case Lifetime.Until(Instant end) -> new Expiry(null, end.toEpochMilli(), null);
            };
        }
    }

    private record Fork(
            @Nullable Long parent,
            @Nullable Offset anchor,
            @Nullable Long sub,
            @Nullable Offset offset,
            @Nullable Integer cutBytes) {
        static Fork of(Lineage lineage) {
            return switch (lineage) {
                case Lineage.Root _ -> new Fork(null, null, null, null, null);
                case Lineage.Forked(long parent, Offset anchor, long sub, Offset below, int lastBytes) ->
                    new Fork(parent, anchor, sub, below, lastBytes);
            };
        }
    }
}
