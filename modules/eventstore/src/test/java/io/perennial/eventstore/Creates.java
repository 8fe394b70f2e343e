package io.perennial.eventstore;

import io.perennial.eventstore.Append.Closing;
import java.time.Duration;
import java.util.List;

/// Creations as tests write them: of JSON streams, that stay open.
final class Creates {
    private Creates() {}

    static Create fresh(String stream, Lifetime lifetime, String... events) {
        return fresh(stream, ContentType.JSON, lifetime, events);
    }

    static Create fresh(String stream, ContentType type, Lifetime lifetime, String... events) {
        return new Create(
                Appends.key(stream), new Create.Fresh(type), lifetime, Closing.STAY_OPEN, Appends.bytes(events));
    }

    static Create fork(String stream, String source) {
        return fork(stream, source, ReadFrom.TAIL, 0);
    }

    static Create fork(String stream, String source, ReadFrom at, long subOffset) {
        var origin = new Create.Fork(Appends.key(source), at, subOffset, new Create.ForkType.Inherited());
        return new Create(Appends.key(stream), origin, Lifetime.UNLIMITED, Closing.STAY_OPEN, List.of());
    }

    static Create fork(String stream, String source, Offset at, long subOffset) {
        return fork(stream, source, new ReadFrom.At(at), subOffset);
    }

    static Create lasting(Lifetime lifetime, Create create) {
        return new Create(create.stream(), create.origin(), lifetime, create.closing(), create.events());
    }

    static Create closed(Create create) {
        return new Create(create.stream(), create.origin(), create.lifetime(), Closing.CLOSE, create.events());
    }

    static Lifetime sliding(int seconds) {
        return new Lifetime.Sliding(seconds);
    }

    /// So long after the beginning of the clock's time.
    static Lifetime until(Duration afterTheBeginning) {
        return new Lifetime.Until(StoreOnDisk.BEGINNING.plus(afterTheBeginning));
    }
}
