package io.perennial.subscriptions;

/// What became of a worker's report: a callback, an ack or a release.
public sealed interface ReportOutcome {
    /// It is on disk.
    ///
    /// @param next whether the worker finished and another wake follows at once
    record Taken(Next next) implements ReportOutcome {}

    record Refused(Refusal why) implements ReportOutcome {}

    /// What follows.
    enum Next {
        WAKE,
        NOTHING
    }
}
