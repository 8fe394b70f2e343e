package io.perennial.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One message in the window, and the topics that hold it: its own, the one of everything, or both. Two are equal only
/// if they are the same. The bus lock guards the holders.
final class Retained<M> {
    private final M message;
    private final long bytes;
    private final List<Topic<M>> holders;

    Retained(M message, long bytes, List<Topic<M>> holders) {
        this.message = message;
        this.bytes = bytes;
        this.holders = new ArrayList<>(holders);
    }

    M message() {
        return message;
    }

    long bytes() {
        return bytes;
    }

    void forEachHolder(Consumer<? super Topic<M>> action) {
        holders.forEach(action);
    }

    void letGo(Topic<M> holder) {
        holders.remove(holder);
    }

    boolean isHeld() {
        return !holders.isEmpty();
    }
}
