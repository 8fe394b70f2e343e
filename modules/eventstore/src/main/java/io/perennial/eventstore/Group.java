package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.eventstore.AppendOutcome.Appended;
import io.perennial.eventstore.Rules.Decision;
import io.perennial.eventstore.StreamRow.Birth;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The requests that share one transaction: each is decided on the state that those before it left, and all are written
/// together. What it answers holds once the transaction has committed.
final class Group {
    private static final int TOUCHES = 1_024;

    private final Transaction transaction;
    private final Rows rows;
    private final Minting minting;
    private final Touches touches;
    private final InstantSource clock;
    private final Optional<Chronicle> chronicle;
    private final Tally tally = new Tally();
    private final Changes changes = new Changes();
    private final Forks forks;
    private List<Map.Entry<StreamKey, Long>> written = List.of();
    private boolean moreToReap;

    Group(
            Transaction transaction,
            Rows rows,
            Minting minting,
            Touches touches,
            InstantSource clock,
            Optional<Chronicle> chronicle) {
        this.transaction = transaction;
        this.rows = rows;
        this.minting = minting;
        this.touches = touches;
        this.clock = clock;
        this.chronicle = chronicle;
        this.forks = new Forks(transaction, rows);
    }

    /// The stream as it is now. One that has expired is removed by being looked at.
    Optional<StreamRow> live(StreamKey key) {
        Optional<StreamRow> row = rows.stream(transaction, key);
        boolean isOver = row.isPresent()
                && row.get().state() != StreamRow.State.SOFT_DELETED
                && Rules.isExpired(row.get(), touches.lastMillis(key), clock.millis());
        if (isOver) {
            tell(new StreamChange.Expired(row.get().info()));
            return remove(row.get());
        }
        return row;
    }

    AppendOutcome append(Append append) {
        AppendOutcome outcome = perform(append);
        if (outcome instanceof Appended) {
            tally.count(append.events());
        }
        return outcome;
    }

    private AppendOutcome perform(Append append) {
        Optional<StreamRow> row = live(append.stream());
        ProducerRow producer = row.map(found -> rows.producer(transaction, found.id(), append.producer()))
                .orElse(ProducerRow.UNKNOWN);
        return switch (Rules.append(row, producer, append)) {
            case Decision.Answer(AppendOutcome outcome) -> {
                if (outcome instanceof AppendOutcome.Duplicate) {
                    row.ifPresent(this::touchWhereItSlides);
                }
                yield outcome;
            }
            case Decision.Store _ -> store(change(row.orElseThrow()), append);
            case Decision.CreateAndStore _ -> {
                StreamRow born = born(
                        append.stream(), append.contentType(), Lifetime.UNLIMITED, Retention.UNLIMITED, Lineage.ROOT);
                tell(new StreamChange.Created(born.info()));
                StreamTable.insert(transaction.execute(), born);
                yield store(change(born), append);
            }
        };
    }

    private AppendOutcome store(News.Grown change, Append append) {
        Offset first = change.add(append.events(), minting);
        if (append.closing() == Append.Closing.CLOSE) {
            change.row = change.row.closed(append.producer());
            StreamTable.writeState(transaction.execute(), change.row);
        }
        if (append.writerSeq() instanceof WriterSeq.Value) {
            change.row = change.row.sequenced(append.writerSeq());
            StreamTable.writeWriterSeq(transaction.execute(), change.row);
        }
        rows.remember(change.row);
        if (append.producer() instanceof Producer.Idempotent producer) {
            ProducerTable.write(transaction.execute(), change.row.id(), producer);
            rows.remember(change.row.id(), producer);
        }
        return new Appended(first, change.row.tail(), change.row.ending());
    }

    CreateOutcome create(Create create) {
        Optional<StreamRow> row = live(create.stream());
        return switch (create.origin()) {
            case Create.Fresh(ContentType type) ->
                row.map(found -> Rules.existing(found, Optional.empty(), create))
                        .orElseGet(() -> created(
                                born(create.stream(), type, create.lifetime(), create.retention(), Lineage.ROOT),
                                create));
            case Create.Fork fork -> {
                Optional<StreamRow> source = live(fork.source());
                yield row.map(found -> Rules.existing(found, source, create))
                        .or(() -> Rules.againstFork(source, fork))
                        .orElseGet(() -> fork(source.orElseThrow(), fork, create));
            }
        };
    }

    private CreateOutcome fork(StreamRow source, Create.Fork fork, Create create) {
        return switch (ForkPoint.of(transaction.execute(), this::fresh, source, fork)) {
            case ForkPoint.TooDeep(int most) -> new CreateOutcome.TooDeep(most);
            case ForkPoint.Beyond(long most) -> new CreateOutcome.BeyondAppend(most);
            case ForkPoint.Found(Lineage.Forked lineage) -> {
                forks.add(source.id());
                StreamRow born = born(
                        create.stream(),
                        source.contentType(),
                        Rules.lifetime(create.lifetime(), source),
                        Rules.retention(create.retention(), source),
                        lineage);
                yield created(born.trimmed(Offset.earlier(source.trimmed(), lineage.below())), create);
            }
        };
    }

    private Fresh fresh(long stream) {
        return changes.fresh(stream, rows.fresh(stream));
    }

    private CreateOutcome created(StreamRow born, Create create) {
        StreamRow row = create.closing() == Append.Closing.CLOSE ? born.closed(Producer.ANONYMOUS) : born;
        tell(new StreamChange.Created(row.info()));
        StreamTable.insert(transaction.execute(), row);
        News.Grown change = change(row);
        change.add(create.events(), minting);
        if (!create.events().isEmpty()) {
            tally.count(create.events());
        }
        rows.remember(change.row);
        return new CreateOutcome.Created(change.row.info());
    }

    private StreamRow born(StreamKey key, ContentType type, Lifetime lifetime, Retention retention, Lineage lineage) {
        Birth birth = new Birth(minting.stream(), key, minting.offset(), type, lifetime, retention, lineage);
        return StreamRow.born(birth, clock.millis());
    }

    private News.Grown change(StreamRow row) {
        touchWhereItSlides(row);
        return changes.of(row);
    }

    private void touchWhereItSlides(StreamRow row) {
        if (row.lifetime() instanceof Lifetime.Sliding) {
            touches.touch(row.key());
        }
    }

    // Not counted: nobody appended it.
    private void tell(StreamChange change) {
        chronicle.flatMap(to -> to.entry(change)).ifPresent(this::perform);
    }

    DeleteOutcome delete(StreamKey key) {
        Optional<StreamRow> row = live(key);
        DeleteOutcome outcome = Rules.delete(row);
        if (outcome == DeleteOutcome.DELETED) {
            tell(new StreamChange.Deleted(row.orElseThrow().info()));
            remove(row.orElseThrow());
        }
        return outcome;
    }

    private Optional<StreamRow> remove(StreamRow row) {
        changes.remove(row);
        ProducerTable.delete(transaction.execute(), row.id());
        return forks.remove(row);
    }

    Document.Edit edit(Document.Edit edit) {
        DocumentTable.edit(transaction.execute(), edit);
        return edit;
    }

    /// Removes some of the streams that have expired.
    void reap(int most) {
        List<StreamKey> due = StreamTable.expired(transaction.execute(), clock.millis(), most);
        for (StreamKey key : due) {
            long touched = touches.lastMillis(key);
            // Alive by what the disk doesn't know yet: it shall know, or this one is looked at again and again.
            live(key).ifPresent(row -> touches.touch(key, touched));
        }
        moreToReap = due.size() == most;
    }

    /// Lets a stream begin later: what lies in front of that is gone for whoever reads it from now on.
    void trim(StreamRow row, Offset begin) {
        StreamRow trimmed = row.trimmed(begin);
        StreamTable.writeTrimmed(transaction.execute(), trimmed);
        rows.remember(trimmed);
    }

    /// Deletes some of what lies in front of a stream's beginning, once every reader knows that it is gone.
    void discard(StreamRow row, int mostChunks) {
        ChunkTable.deleteSome(transaction.execute(), row.id(), row.trimmed(), mostChunks);
    }

    /// Writes something that is there already.
    void touchDisk() {
        minting.repeat();
    }

    /// Writes what is written once for all: the events, how far offsets were given out, and who was touched meanwhile.
    void finish() {
        JournalTable.append(transaction, changes.grown());
        minting.write(transaction);
        if (transaction.hasBegun()) {
            written = touches.some(TOUCHES);
            written.forEach(touch -> StreamTable.touch(transaction.execute(), touch));
        }
    }

    boolean mayReapMore() {
        return moreToReap;
    }

    boolean hasDropped() {
        return forks.haveDropped();
    }

    /// Shows what it did to the readers; only once the transaction has committed.
    void publish(Committed committed) {
        committed.publish(rows.changed(), changes.grown());
        written.forEach(touch -> committed.touched(touch.getKey(), touch.getValue()));
        touches.forget(written);
        rows.done();
    }

    /// Tells what was appended; only once the transaction has committed.
    void report(StoreObserver observer) {
        tally.report(observer);
    }

    /// Tells the followers; only once the readers can see it.
    void announce(Bus<Commit> bus) {
        changes.announce(bus);
    }
}
