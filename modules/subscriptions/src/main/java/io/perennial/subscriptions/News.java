package io.perennial.subscriptions;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamInfo;

/// What a subscription hasn't taken in yet of one stream. Of several the latest says it all, as lives of a stream have
/// creation ULIDs that only grow.
sealed interface News {
    Offset created();

    /// The stream of this creation went from one offset to the other.
    record Grown(Offset created, Offset from, Offset next) implements News {
        /// All that a stream holds beyond what it was created with; of a fork that has nothing of its own, that is
        /// nothing, and its tail is older than itself.
        static Grown sinceCreation(StreamInfo stream) {
            Offset from = stream.tail().isBefore(stream.created()) ? stream.tail() : stream.created();
            return new Grown(stream.created(), from, stream.tail());
        }
    }

    /// The stream of this creation is no more, and all before it neither.
    record Gone(Offset created) implements News {}

    /// Both, whichever came first.
    default News and(News other) {
        int order = created().compareTo(other.created());
        if (order != 0) {
            return order < 0 ? other : this;
        }
        if (this instanceof Grown mine && other instanceof Grown theirs) {
            return new Grown(
                    created(),
                    mine.from().isBefore(theirs.from()) ? mine.from() : theirs.from(),
                    mine.next().isBefore(theirs.next()) ? theirs.next() : mine.next());
        }
        return this instanceof Gone ? this : other;
    }
}
