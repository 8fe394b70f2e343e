package io.perennial.subscriptions;

import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import java.util.EnumSet;
import java.util.List;
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

    static LinkOutcome link(Means means, Cell cell, List<StreamKey> streams) {
        if (cell.spec().channel() instanceof Channel.PullWake(StreamKey wakeStream) && streams.contains(wakeStream)) {
            return new LinkOutcome.OwnWakeStream(wakeStream);
        }
        int most = means.config().links();
        if (streams.stream().distinct().count() > most) {
            return new LinkOutcome.TooManyLinks(most);
        }
        // What the pattern finds belongs to the subscription from its start, whether it has heard of it yet or not.
        streams.stream().filter(cell.spec()::finds).forEach(stream -> Watch.look(means.store(), cell, stream));
        List<Link> asked = streams.stream()
                .distinct()
                .map(stream -> explicit(means.store(), stream))
                .toList();
        LinkOutcome outcome = cell.<LinkOutcome>change(draft -> {
                    long added = asked.stream()
                            .filter(link -> draft.find(link.stream()).isEmpty())
                            .count();
                    if (draft.size() + added > most) {
                        return new LinkOutcome.TooManyLinks(most);
                    }
                    asked.forEach(link -> draft.put(
                            draft.find(link.stream()).map(Linking::named).orElse(link)));
                    return new LinkOutcome.Linked();
                })
                .orElse(new LinkOutcome.Unknown());
        // Of what came between the look at the stream and the link nothing was heard.
        asked.forEach(link -> Watch.look(means.store(), cell, link.stream()));
        return outcome;
    }

    private static Link named(Link known) {
        return known.withTypes(known.types().contains(LinkType.GLOB) ? BOTH : EXPLICIT);
    }
}
