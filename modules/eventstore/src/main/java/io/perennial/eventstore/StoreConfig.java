package io.perennial.eventstore;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a store is opened.
///
/// @param directory holds the database and its lock; made where it is missing
/// @param readers how many reads run at once, 1 to 64
/// @param queuedAppends how many appends may wait for the writer; one more is answered [Rejection.Busy]
/// @param queuedBytes how many bytes of events may wait for the writer, likewise
/// @param pageCacheBytes how much memory the pages may take that were read lately, about; 0 keeps none
/// @param retention how much of which streams is kept; none keeps all but what a stream says of itself
/// @param chronicle where the beginnings and ends of streams are written down, if at all
public record StoreConfig(
        Path directory,
        int readers,
        int queuedAppends,
        int queuedBytes,
        int pageCacheBytes,
        List<RetentionRule> retention,
        Optional<Chronicle> chronicle) {
    private static final int MOST_READERS = 64;

    public StoreConfig {
        retention = List.copyOf(retention);
        if (readers < 1 || readers > MOST_READERS) {
            throw new IllegalArgumentException("readers: " + readers + " is not within 1 to " + MOST_READERS);
        }
        if (queuedAppends < 1 || queuedBytes < 1) {
            throw new IllegalArgumentException("queuedAppends and queuedBytes are positive");
        }
        if (pageCacheBytes < 0) {
            throw new IllegalArgumentException("pageCacheBytes is not negative, and not " + pageCacheBytes);
        }
    }

    /// Without rules of retention, and without a chronicle.
    public StoreConfig(Path directory, int readers, int queuedAppends, int queuedBytes, int pageCacheBytes) {
        this(directory, readers, queuedAppends, queuedBytes, pageCacheBytes, List.of(), Optional.empty());
    }

    /// The same with other rules of retention.
    public StoreConfig keeping(List<RetentionRule> rules) {
        return new StoreConfig(directory, readers, queuedAppends, queuedBytes, pageCacheBytes, rules, chronicle);
    }

    /// The same with a chronicle.
    public StoreConfig chronicled(Chronicle stream) {
        return new StoreConfig(
                directory, readers, queuedAppends, queuedBytes, pageCacheBytes, retention, Optional.of(stream));
    }

    /// The default bounds: as many readers as processors (at least 2), 16,384 appends and 256 MiB in the queue, 64
    /// MiB of pages.
    public static StoreConfig of(Path directory) {
        return new StoreConfig(
                directory,
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                16_384,
                256 * 1024 * 1024,
                64 * 1024 * 1024);
    }
}
