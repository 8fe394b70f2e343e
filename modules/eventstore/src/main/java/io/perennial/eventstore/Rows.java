package io.perennial.eventstore;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The rows of streams and producers as the writer's requests leave them, one after the other.
///
/// For one thread: the writer's. What is remembered of streams is that of the transaction under way, and lies over what
/// is committed; producers are remembered until a transaction fails, when all is to be forgotten ([#forget]).
final class Rows {
    private static final int MOST_PRODUCERS = 16_384;

    private record ProducerKey(long stream, String id) {}

    private final Committed committed;
    private final Map<StreamKey, Known> changed = new LinkedHashMap<>();
    private final Map<ProducerKey, ProducerRow> producers = new Recent<>(MOST_PRODUCERS);

    Rows(Committed committed) {
        this.committed = committed;
    }

    Optional<StreamRow> stream(Transaction transaction, StreamKey key) {
        Known known = changed.containsKey(key)
                ? changed.get(key)
                : committed.look(key).known();
        return switch (known) {
            case Known.There(StreamRow row) -> Optional.of(row);
            case Known.Gone _ -> Optional.empty();
            case Known.Unknown _ -> {
                Optional<StreamRow> found = StreamTable.find(transaction.execute(), key);
                found.ifPresent(committed::learn);
                yield found;
            }
        };
    }

    /// A stream that is there.
    StreamRow stream(Transaction transaction, long id) {
        StreamRow found = StreamTable.find(transaction.execute(), id).orElseThrow();
        return stream(transaction, found.key()).orElseThrow();
    }

    /// What has been committed of a stream and hasn't settled.
    Fresh fresh(long stream) {
        return committed.fresh(stream);
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
        changed.put(row.key(), new Known.There(row));
    }

    void remember(long stream, Producer.Idempotent append) {
        producers.put(new ProducerKey(stream, append.id()), new ProducerRow.Known(append.epoch(), append.seq()));
    }

    void remove(StreamKey key) {
        changed.put(key, new Known.Gone());
    }

    Map<StreamKey, Known> changed() {
        return changed;
    }

    /// The transaction has committed, and what it changed is known to all.
    void done() {
        changed.clear();
    }

    void forget() {
        changed.clear();
        producers.clear();
    }
}
