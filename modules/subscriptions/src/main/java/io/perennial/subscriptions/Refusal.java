package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;

/// Why a request changed nothing.
public sealed interface Refusal {
    /// There is no such subscription.
    record Unknown() implements Refusal {}

    /// Subscriptions of the other type do that.
    record OtherType() implements Refusal {}

    /// The token wasn't issued for this subscription.
    record InvalidToken() implements Refusal {}

    /// The token was issued too long ago.
    record ExpiredToken() implements Refusal {}

    /// The wake is over.
    record Fenced() implements Refusal {}

    /// Another worker holds the lease.
    record AlreadyClaimed(String worker, long generation) implements Refusal {}

    /// There is nothing to do.
    record NothingPending() implements Refusal {}

    /// The subscription isn't linked to the stream.
    record NotLinked(StreamKey stream) implements Refusal {}

    /// The offset is before what has been acked.
    record Backwards(StreamKey stream, String acked) implements Refusal {}

    /// The offset is beyond the stream's tail.
    record BeyondTail(StreamKey stream, String tail) implements Refusal {}
}
