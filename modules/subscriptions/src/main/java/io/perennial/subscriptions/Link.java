package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.util.Set;

/// One stream of a subscription, and how far it is done. Something is pending while the tail is beyond that.
///
/// A stream that is deleted and created again is another one, so a link belongs to one life of its stream, known by its
/// creation ULID: these only grow. News may come late or twice: of an older life it is ignored, of a newer one it
/// begins the link anew.
///
/// @param types one or both
/// @param acked a next offset: all below is done; [Cursors#START] while the stream isn't born
/// @param tail the next offset after what is known to be there; not kept, but read again at each start
record Link(StreamKey stream, Set<LinkType> types, Life life, Offset acked, Offset tail) {
    /// Which stream of this name it is.
    sealed interface Life {}

    /// There is none yet, or no more.
    record Unborn() implements Life {}

    /// The one that was given this ULID at its creation.
    record Born(Offset created) implements Life {}

    Link {
        types = Set.copyOf(types);
        if (types.isEmpty()) {
            throw new IllegalArgumentException("a link is of some type");
        }
    }

    /// To a stream that doesn't exist.
    static Link unborn(StreamKey stream, Set<LinkType> types) {
        return new Link(stream, types, new Unborn(), Cursors.START, Cursors.START);
    }

    /// To a stream of which everything below a point is none of the subscription's concern.
    static Link at(StreamKey stream, Set<LinkType> types, Offset created, Offset acked) {
        return new Link(stream, types, new Born(created), acked, acked);
    }

    boolean isPending() {
        return acked.isBefore(tail);
    }

    /// What a list of links shows: explicit where it is both.
    LinkType shownType() {
        return types.contains(LinkType.EXPLICIT) ? LinkType.EXPLICIT : LinkType.GLOB;
    }

    Link withTypes(Set<LinkType> other) {
        return new Link(stream, other, life, acked, tail);
    }

    /// Never goes back.
    Link acked(Offset offset) {
        return acked.isBefore(offset) ? new Link(stream, types, life, offset, later(tail, offset)) : this;
    }

    Link grown(News.Grown news) {
        return grown(news.created(), news.from(), news.next());
    }

    /// The stream of this creation went from one offset to the other.
    Link grown(Offset created, Offset from, Offset next) {
        return switch (life) {
            case Born(Offset known)
            when known.equals(created) -> tail.isBefore(next) ? new Link(stream, types, life, acked, next) : this;
            case Born(Offset known) when created.isBefore(known) -> this;
            case Born _, Unborn _ -> new Link(stream, types, new Born(created), from, next);
        };
    }

    /// Whether its stream is no more, once the stream of this creation is none.
    boolean endsWith(Offset created) {
        return life instanceof Born(Offset known) && !created.isBefore(known);
    }

    private static Offset later(Offset a, Offset b) {
        return a.isBefore(b) ? b : a;
    }
}
