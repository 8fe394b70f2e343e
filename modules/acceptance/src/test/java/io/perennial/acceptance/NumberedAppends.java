package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Reply.Again;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Unknown;
import java.util.Optional;
import java.util.function.Supplier;

/// The appends of one producer to one stream, which repeats what was not answered.
///
/// But for the first one, with which it would begin in a new life of the stream, too, and so store the same event in
/// both. It takes another name then, and wherever it is told that it has lost count.
final class NumberedAppends {
    private final String name;
    private int names;
    private int seq;
    private Optional<Append> unanswered = Optional.empty();

    NumberedAppends(String name) {
        this.name = name;
    }

    Append next(Supplier<Append> another) {
        return unanswered.orElseGet(() -> another.get().numbered(name + "-" + names, seq));
    }

    void learn(Append append, Reply reply) {
        boolean isKnown = reply instanceof Done || reply instanceof Again;
        unanswered = reply instanceof Unknown && seq > 0 ? Optional.of(append) : Optional.empty();
        if (isKnown) {
            seq++;
        } else if (unanswered.isEmpty()) {
            names++;
            seq = 0;
        }
    }
}
