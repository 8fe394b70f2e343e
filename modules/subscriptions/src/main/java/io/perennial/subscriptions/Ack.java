package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.util.Map;

/// What a worker says of its work.
///
/// @param acks how far it came in which stream: next offsets, see [Cursors]
public record Ack(WakeRef wake, Map<StreamKey, Offset> acks, Then then) {
    /// What the worker does next.
    public enum Then {
        /// It goes on, and keeps the lease.
        GO_ON,
        /// It has finished.
        FINISH
    }

    public Ack {
        acks = Map.copyOf(acks);
    }
}
