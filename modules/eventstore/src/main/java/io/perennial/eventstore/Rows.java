package io.perennial.eventstore;

import java.util.Map;
import java.util.Optional;

/// The rows of streams and producers as the writer left them, so that it seldom has to read what it wrote itself.
///
/// For one thread: the writer's. What is remembered may be ahead of the disk until the transaction under way commits;
/// after a failed one, [#forget].
final class Rows {
    private static final int MOST = 16_384;

    private record ProducerKey(long stream, String id) {}

    private final Map<StreamKey, StreamRow> streams = new Recent<>(MOST);
    private final Map<ProducerKey, ProducerRow> producers = new Recent<>(MOST);

    Optional<StreamRow> stream(Transaction transaction, StreamKey key) {
        StreamRow known = streams.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<StreamRow> found = StreamTable.find(transaction.execute(), key);
        found.ifPresent(row -> streams.put(key, row));
        return found;
    }

    /// The row of an id that is known to exist.
    StreamRow stream(Transaction transaction, long id) {
        StreamRow found = StreamTable.find(transaction.execute(), id);
        // The key may be another stream's by now, but not while this one has it.
        StreamRow known = streams.get(found.key());
        return known != null && known.id() == id ? known : found;
    }

    ProducerRow producer(Transaction transaction, long stream, Producer producer) {
        return switch (producer) {
            case Producer.Anonymous _ -> ProducerRow.UNKNOWN;
            case Producer.Idempotent(String id, long _, long _) ->
                producers.computeIfAbsent(
                        new ProducerKey(stream, id),
                        key -> ProducerTable.find(transaction.execute(), key.stream(), key.id()));
        };
    }

    void remember(StreamRow row) {
        streams.put(row.key(), row);
    }

    void remember(long stream, Producer.Idempotent append) {
        producers.put(new ProducerKey(stream, append.id()), new ProducerRow.Known(append.epoch(), append.seq()));
    }

    void touched(StreamKey key, long millis) {
        streams.computeIfPresent(key, (_, row) -> row.touched(millis));
    }

    void forget(StreamKey key) {
        streams.remove(key);
    }

    void forget() {
        streams.clear();
        producers.clear();
    }
}
