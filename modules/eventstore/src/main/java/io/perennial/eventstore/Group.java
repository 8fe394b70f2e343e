package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.eventstore.AppendOutcome.Appended;
import io.perennial.eventstore.Rules.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The appends that share one transaction: each is decided on the state that those before it left, and all are written
/// together.
final class Group {
    private final Transaction transaction;
    private final Rows rows;
    private final OffsetGenerator offsets;
    private final Map<StreamKey, Change> changes = new LinkedHashMap<>();
    private long lastStream;
    private boolean minted;

    /// What the group does to one stream.
    private static final class Change {
        final Offset from;
        final boolean born;
        final List<Event> events = new ArrayList<>();
        StreamRow row;

        Change(StreamRow before, boolean born) {
            this.from = before.tail();
            this.row = before;
            this.born = born;
        }
    }

    Group(Transaction transaction, Rows rows, OffsetGenerator offsets, long lastStream) {
        this.transaction = transaction;
        this.rows = rows;
        this.offsets = offsets;
        this.lastStream = lastStream;
    }

    /// Decides an append and writes its events. The answer holds once the transaction has committed.
    AppendOutcome add(Append append) {
        Optional<StreamRow> row = rows.stream(transaction, append.stream());
        ProducerRow producer = row.map(found -> rows.producer(transaction, found.id(), append.producer()))
                .orElse(ProducerRow.UNKNOWN);
        return switch (Rules.append(row, producer, append)) {
            case Decision.Answer(AppendOutcome outcome) -> outcome;
            case Decision.Store _ -> store(change(row.orElseThrow()), append);
            case Decision.CreateAndStore _ -> store(birth(append), append);
        };
    }

    private Change change(StreamRow row) {
        return changes.computeIfAbsent(row.key(), _ -> new Change(row, false));
    }

    private Change birth(Append append) {
        Change change = new Change(StreamRow.born(++lastStream, append.stream(), mint(), append.contentType()), true);
        changes.put(append.stream(), change);
        return change;
    }

    private Offset mint() {
        minted = true;
        return offsets.mint();
    }

    private AppendOutcome store(Change change, Append append) {
        int rest = append.events().size();
        Offset first = change.row.tail();
        Offset next = first;
        for (byte[] data : append.events()) {
            Event event = new Event(mint(), data);
            change.events.add(event);
            EventTable.insert(transaction.execute(), change.row.id(), event, --rest);
            first = next.equals(change.row.tail()) ? event.offset() : first;
            next = event.offset().next();
        }
        change.row = change.row.grown(next);
        if (append.closing() == Append.Closing.CLOSE) {
            change.row = change.row.closed(append.producer());
        }
        rows.remember(change.row);
        if (append.producer() instanceof Producer.Idempotent producer) {
            ProducerTable.write(transaction.execute(), change.row.id(), producer);
            rows.remember(change.row.id(), producer);
        }
        return new Appended(first, next, change.row.ending());
    }

    /// Writes the streams that were born or closed, and how far offsets were given out.
    void finish() {
        for (Change change : changes.values()) {
            if (change.born) {
                StreamTable.insert(transaction.execute(), change.row);
            } else if (change.row.state() == StreamRow.State.CLOSED) {
                StreamTable.close(transaction.execute(), change.row);
            }
        }
        if (minted) {
            MintTable.write(transaction.execute(), new MintTable.Mint(offsets.last(), lastStream));
        }
    }

    /// The weight of the events that were added.
    long weight() {
        return changes.values().stream()
                .mapToLong(change -> EventTable.weight(change.events))
                .sum();
    }

    long lastStream() {
        return lastStream;
    }

    /// Tells the followers; only once the transaction has committed.
    void announce(Bus<Commit> bus) {
        changes.forEach((key, change) -> {
            if (bus.isFollowed(key.path())) {
                Page page = new Page(change.events, change.row.tail(), change.row.ending());
                bus.publish(
                        key.path(),
                        new Commit.Appended(key, change.row.created(), change.row.contentType(), change.from, page));
            }
        });
    }
}
