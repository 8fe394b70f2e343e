package io.perennial.eventstore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A run of events of one stream without a gap: everything from where the read began to [#next], exclusive.
///
/// A page is what one read returns, and what one commit adds to a stream; the latter is shared by all followers,
/// who can therefore have it encoded once for all of them.
///
/// Immutable and safe for use by many threads.
public final class Page {
    private static final int MOST_ENCODINGS = 4;

    private final List<Event> events;
    private final Offset next;
    private final Ending ending;
    private final long bytes;
    private volatile Map<PageEncoder, byte[]> encoded = Map.of();

    Page(List<Event> events, Offset next, Ending ending) {
        this.events = List.copyOf(events);
        this.next = next;
        this.ending = ending;
        this.bytes =
                this.events.stream().mapToLong(event -> event.data().length).sum();
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
        return bytes;
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

    /// What the encoder makes of this page, remembered for the few encoders that asked last. Not a copy: nobody changes
    /// it.
    public byte[] encoded(PageEncoder encoder) {
        byte[] known = encoded.get(encoder);
        return known == null ? encode(encoder) : known;
    }

    // Once for all who ask together, but for those of another encoder.
    private synchronized byte[] encode(PageEncoder encoder) {
        byte[] known = encoded.get(encoder);
        if (known != null) {
            return known;
        }
        byte[] bytes = encoder.encode(this);
        Map<PageEncoder, byte[]> more = new HashMap<>(encoded.size() < MOST_ENCODINGS ? encoded : Map.of());
        more.put(encoder, bytes);
        encoded = more;
        return bytes;
    }
}
