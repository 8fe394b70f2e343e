package io.perennial.eventstore;

/// What lies behind the end of a page, at the moment when the page was made.
public enum Ending {
    /// More events, at the page's next offset.
    MORE,
    /// Nothing yet: the page reaches the tail.
    UP_TO_DATE,
    /// Nothing ever: the page reaches the tail of a closed stream.
    CLOSED
}
