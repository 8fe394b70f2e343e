package io.perennial.subscriptions;

import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Links to streams that are named.
final class Linking {
    private static final Set<LinkType> EXPLICIT = EnumSet.of(LinkType.EXPLICIT);
    private static final Set<LinkType> BOTH = EnumSet.allOf(LinkType.class);

    private Linking() {}

    /// At the tail that the stream has now, or at its start where it is yet to come.
    static Link explicit(EventStore store, StreamKey stream) {
        return store.head(stream) instanceof HeadOutcome.Found(StreamInfo found)
                ? Link.at(stream, EXPLICIT, found.created(), found.tail())
                : Link.unborn(stream, EXPLICIT);
    }

    /// One that the pattern finds, if it isn't linked yet, has come after the subscription: nothing of it is done.
    private static Link asked(EventStore store, SubscriptionSpec spec, StreamKey stream) {
        return spec.finds(stream) ? Link.unborn(stream, EXPLICIT) : explicit(store, stream);
    }

    /// What became of a link's stream.
    static Optional<News> news(EventStore store, Link link) {
        if (store.head(link.stream()) instanceof HeadOutcome.Found(StreamInfo found)) {
            return Optional.of(News.Grown.sinceCreation(found));
        }
        return link.life() instanceof Link.Born(Offset created)
                ? Optional.of(new News.Gone(created))
                : Optional.empty();
    }

    static LinkOutcome link(Means means, Cell cell, List<StreamKey> streams, Subscriptions.Check check) {
        int most = means.config().links();
        Optional<LinkOutcome> wrong = wrong(cell.spec(), streams, most);
        List<Link> asked = wrong.isPresent()
                ? List.of()
                : streams.stream()
                        .distinct()
                        .map(stream -> asked(means.store(), cell.spec(), stream))
                        .toList();
        Optional<LinkOutcome> outcome = cell.change(draft -> {
            // Before it is said what is wrong, which tells of the subscription.
            cell.require(check);
            if (wrong.isPresent()) {
                return wrong.get();
            }
            long added = asked.stream()
                    .filter(link -> draft.find(link.stream()).isEmpty())
                    .count();
            if (draft.size() + added > most) {
                return new LinkOutcome.TooManyLinks(most);
            }
            asked.forEach(link ->
                    draft.put(draft.find(link.stream()).map(Linking::named).orElse(link)));
            return new LinkOutcome.Linked();
        });
        if (outcome.filter(LinkOutcome.Linked.class::isInstance).isPresent()) {
            lookAgain(means.store(), cell, streams);
        }
        return outcome.orElse(new LinkOutcome.Unknown());
    }

    private static Optional<LinkOutcome> wrong(SubscriptionSpec spec, List<StreamKey> streams, int most) {
        if (spec.channel() instanceof Channel.PullWake(StreamKey wakeStream) && streams.contains(wakeStream)) {
            return Optional.of(new LinkOutcome.OwnWakeStream(wakeStream));
        }
        return streams.stream().distinct().count() > most
                ? Optional.of(new LinkOutcome.TooManyLinks(most))
                : Optional.empty();
    }

    /// Takes in what happened to streams after they were looked at and before their links were known, when news of them
    /// went unheard.
    static void lookAgain(EventStore store, Cell cell, List<StreamKey> streams) {
        cell.change(draft -> {
            for (StreamKey stream : streams) {
                draft.find(stream).ifPresent(link -> news(store, link).ifPresent(news -> draft.learn(link, news)));
            }
            return true;
        });
    }

    private static Link named(Link known) {
        return known.withTypes(known.types().contains(LinkType.GLOB) ? BOTH : EXPLICIT);
    }
}
