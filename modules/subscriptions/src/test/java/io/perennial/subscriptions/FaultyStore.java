package io.perennial.subscriptions;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.CreateOutcome;
import io.perennial.eventstore.DeleteOutcome;
import io.perennial.eventstore.Document;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Follow;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StoreHealth;
import io.perennial.eventstore.StoreLoad;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.StreamSurvey;
import io.perennial.eventstore.Verification;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// A real store that writes no document while it is told not to.
final class FaultyStore implements EventStore {
    private final EventStore store;
    private final StorageException failure;
    private volatile boolean failsEdits;

    FaultyStore(EventStore store, StorageException failure) {
        this.store = store;
        this.failure = failure;
    }

    void breakEdits() {
        failsEdits = true;
    }

    void mend() {
        failsEdits = false;
    }

    @Override
    public CreateOutcome create(Create create) {
        return store.create(create);
    }

    @Override
    public AppendOutcome append(Append append) {
        return store.append(append);
    }

    @Override
    public DeleteOutcome delete(StreamKey stream) {
        return store.delete(stream);
    }

    @Override
    public Optional<StreamSurvey> survey(StreamKey stream, int most) {
        return store.survey(stream, most);
    }

    @Override
    public HeadOutcome head(StreamKey stream) {
        return store.head(stream);
    }

    @Override
    public List<StreamInfo> streams(String prefix, String after, int limit) {
        return store.streams(prefix, after, limit);
    }

    @Override
    public ReadOutcome read(StreamKey stream, ReadFrom from, int pageBytes) {
        return store.read(stream, from, pageBytes);
    }

    @Override
    public Follow follow(StreamKey stream, ReadFrom from, int pageBytes) {
        return store.follow(stream, from, pageBytes);
    }

    @Override
    public void edit(List<Document.Edit> edits) {
        if (failsEdits) {
            throw failure;
        }
        store.edit(edits);
    }

    @Override
    public List<Document> documents(String collection, String after, int limit) {
        return store.documents(collection, after, limit);
    }

    @Override
    public StoreHealth health() {
        return store.health();
    }

    @Override
    public StoreLoad load() {
        return store.load();
    }

    @Override
    public Verification verify() {
        return store.verify();
    }

    @Override
    public void backup(OutputStream to) {
        store.backup(to);
    }

    @Override
    public void close() {
        store.close();
    }
}
