package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;

/// A stream of a subscription as it was at one moment.
///
/// @param acked a next offset, see [Cursors]: all below is done
/// @param tail a next offset: there is nothing yet from there on
public record LinkView(StreamKey stream, LinkType type, Offset acked, Offset tail) {
    static LinkView of(Link link) {
        return new LinkView(link.stream(), link.shownType(), link.acked(), link.tail());
    }

    public boolean isPending() {
        return acked.isBefore(tail);
    }
}
