package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import java.util.ArrayList;
import java.util.List;

/// What the simulation knows of one life of a stream.
final class ExpectedStream {
    private final List<Offset> tails = new ArrayList<>();

    /// @param created where the first event's predecessor would end
    ExpectedStream(Offset created) {
        tails.add(created);
    }

    void grown(Offset next) {
        tails.add(next);
    }

    boolean isEmpty() {
        return tails.size() == 1;
    }

    Offset tail() {
        return tails.getLast();
    }

    /// All that there have been.
    List<Offset> tails() {
        return tails;
    }
}
