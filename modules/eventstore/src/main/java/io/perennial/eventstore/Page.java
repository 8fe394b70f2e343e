package io.perennial.eventstore;

import java.util.List;
import java.util.Map;

/// A run of events of one stream without a gap: everything from where the read began to [#next], exclusive.
///
/// A page is what one read returns, and what one commit adds to a stream; the latter is shared by all followers,
/// who can therefore have it encoded once for all of them.
///
/// Immutable and safe for use by many threads.
public final class Page {
    private static final Map.Entry<PageEncoder, byte[]> NOTHING = Map.entry(_ -> new byte[0], new byte[0]);

    private final List<Event> events;
    private final Offset next;
    private final Ending ending;
    private volatile Map.Entry<PageEncoder, byte[]> encoded = NOTHING;

    Page(List<Event> events, Offset next, Ending ending) {
        this.events = List.copyOf(events);
        this.next = next;
        this.ending = ending;
    }

    /// In order; possibly none.
    public List<Event> events() {
        return events;
    }

    /// Where the next read begins that shall neither repeat nor skip.
    public Offset next() {
        return next;
    }

    public Ending ending() {
        return ending;
    }

    /// The sum of the events' bytes.
    public long bytes() {
        return events.stream().mapToLong(event -> event.data().length).sum();
    }

    /// The first events of this page until so many bytes are reached, at least one. The others lie behind it.
    ///
    /// @param pageBytes 1 or more
    public Page upTo(int pageBytes) {
        int count = 0;
        long bytes = 0;
        while (count < events.size() && bytes < pageBytes) {
            bytes += events.get(count).data().length;
            count++;
        }
        return count == events.size()
                ? this
                : new Page(
                        events.subList(0, count), events.get(count - 1).offset().next(), Ending.MORE);
    }

    /// What the encoder makes of this page, remembered for the encoder that asked last. Not a copy: nobody changes it.
    public byte[] encoded(PageEncoder encoder) {
        Map.Entry<PageEncoder, byte[]> known = encoded;
        if (!known.getKey().equals(encoder)) {
            known = Map.entry(encoder, encoder.encode(this));
            encoded = known;
        }
        return known.getValue();
    }
}
