package io.perennial.bus;

/// A place before, between or after the messages of a topic, where a cursor may stand. What comes next there changes
/// once or twice: not yet published, then a message or lost; a message, then lost.
///
/// Written under the bus lock, read without it.
final class Link<M> {
    private volatile Next<M> next = new Next.Unpublished<>();

    Next<M> next() {
        return next;
    }

    void publish(Retained<M> message, Link<M> after) {
        next = new Next.Published<>(message, after);
    }

    /// Cuts the chain here, so that a cursor that is left behind keeps nothing of it in memory.
    void lose() {
        next = new Next.Lost<>();
    }

    sealed interface Next<M> {
        record Unpublished<M>() implements Next<M> {}

        record Published<M>(Retained<M> message, Link<M> after) implements Next<M> {}

        record Lost<M>() implements Next<M> {}
    }
}
