package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import java.time.Instant;

/// How far a subscription has come in a stream: a next offset, so that all below it is done, or the start.
public final class Cursors {
    /// Before everything.
    static final Offset START = Offset.since(Instant.EPOCH);

    private static final String START_TEXT = "-1";

    private Cursors() {}

    /// As clients read and write it: an offset that a read can begin at, `-1` for the start.
    public static String text(Offset cursor) {
        return cursor.equals(START) ? START_TEXT : cursor.toString();
    }

    /// Reads an offset, or `-1`.
    ///
    /// @throws io.perennial.eventstore.MalformedOffsetException where the text is neither
    public static Offset parse(String text) {
        return text.equals(START_TEXT) ? START : Offset.parse(text);
    }
}
