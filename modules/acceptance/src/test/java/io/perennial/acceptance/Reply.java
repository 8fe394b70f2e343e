package io.perennial.acceptance;

import java.util.List;

/// What a client was told.
sealed interface Reply {
    /// An event as a page has it.
    ///
    /// @param end the next offset after it; empty where nobody said
    record Event(String value, String end) {}

    /// It is done, or is so.
    record Done(String next, boolean closed) implements Reply {}

    /// It was done before, and is not done twice.
    record Again(String next, boolean closed) implements Reply {}

    enum Reason {
        CLOSED,
        GAP,
        REGRESSED
    }

    /// Nothing was done.
    ///
    /// @param because the tail of what is closed, the number that comes next; empty otherwise
    record Refused(Reason reason, String because) implements Reply {}

    /// There is no such stream.
    record Absent() implements Reply {}

    /// What a read gave.
    record Page(List<Event> events, String next, boolean upToDate, boolean closed) implements Reply {}

    /// Nothing: it was done, or will be, or never.
    record Unknown() implements Reply {}
}
