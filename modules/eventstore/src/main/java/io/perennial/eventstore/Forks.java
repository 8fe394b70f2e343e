package io.perennial.eventstore;

import java.util.Optional;

/// Who was forked from whom, as far as it decides what may go: a stream that is removed stays on disk as long as forks
/// read from it, and goes with the last of them.
///
/// For one transaction.
final class Forks {
    private final Transaction transaction;
    private final Rows rows;
    private boolean dropped;

    Forks(Transaction transaction, Rows rows) {
        this.transaction = transaction;
        this.rows = rows;
    }

    /// Counts one more fork of a stream.
    void add(long source) {
        count(source, 1);
    }

    private StreamRow count(long source, int more) {
        StreamRow counted = rows.stream(transaction, source).forked(more);
        StreamTable.writeForks(transaction.execute(), counted);
        rows.remember(counted);
        return counted;
    }

    /// Removes a stream. Returns what is kept of it for its forks.
    Optional<StreamRow> remove(StreamRow row) {
        if (row.forks() == 0) {
            drop(row);
            return Optional.empty();
        }
        StreamRow kept = row.softDeleted();
        StreamTable.writeState(transaction.execute(), kept);
        rows.remember(kept);
        return Optional.of(kept);
    }

    // With it goes its source, where that was deleted and kept for this fork alone, and so on.
    private void drop(StreamRow row) {
        Optional<StreamRow> next = Optional.of(row);
        while (next.isPresent()) {
            StreamRow gone = next.get();
            StreamTable.delete(transaction.execute(), gone.id());
            ReclaimTable.add(transaction.execute(), gone.id());
            rows.remove(gone.key());
            dropped = true;
            next = gone.birth().lineage() instanceof Lineage.Forked fork ? release(fork) : Optional.empty();
        }
    }

    private Optional<StreamRow> release(Lineage.Forked fork) {
        StreamRow source = count(fork.parent(), -1);
        boolean isNeeded = source.state() != StreamRow.State.SOFT_DELETED || source.forks() > 0;
        return isNeeded ? Optional.empty() : Optional.of(source);
    }

    /// Whether there are streams now whose events wait to be reclaimed.
    boolean haveDropped() {
        return dropped;
    }
}
