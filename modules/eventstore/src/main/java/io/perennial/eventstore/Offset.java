package io.perennial.eventstore;

import com.github.f4b6a3.ulid.Ulid;
import java.time.Instant;

/// A position in a stream: a ULID, 26 characters of Crockford's base 32 in upper case.
///
/// One rule serves everything that reads or writes offsets:
///
/// - An event's offset is its ULID. Lexicographic order is commit order, and no two events of a store share one.
/// - A read from offset X returns every event whose offset is X or greater (inclusive).
/// - The *next offset* after an event is the event's ULID plus one. Resuming from a next offset therefore neither
///   repeats nor skips, while an event's own offset, given by hand, includes that event.
/// - The tail is the next offset after the last event, and for a stream that never held one the ULID that it was given
///   at its creation.
///
/// Immutable.
public final class Offset implements Comparable<Offset> {
    /// How many bytes [#bytes] gives.
    static final int BYTES = Ulid.ULID_BYTES;

    /// The least offset there is, before every event.
    static final Offset LEAST = new Offset(Ulid.MIN);

    /// The greatest: no event has it.
    static final Offset GREATEST = new Offset(Ulid.MAX);

    // Ulid.isValid also takes lower case and the letters that Crockford reads as digits; two spellings of one offset
    // would be two cache keys and two ETags, so only the canonical one is an offset.
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final Instant LAST_MOMENT = Ulid.MAX.getInstant();

    private final Ulid ulid;

    private Offset(Ulid ulid) {
        this.ulid = ulid;
    }

    /// Reads the canonical spelling.
    ///
    /// @throws MalformedOffsetException where the text is anything else
    public static Offset parse(String text) {
        if (!isCanonical(text)) {
            throw new MalformedOffsetException(text);
        }
        return new Offset(Ulid.from(text));
    }

    private static boolean isCanonical(String text) {
        if (text.length() != Ulid.ULID_CHARS || text.charAt(0) > '7') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    static Offset of(Ulid ulid) {
        return new Offset(ulid);
    }

    static Offset of(byte[] bytes) {
        return new Offset(Ulid.from(bytes));
    }

    /// The least offset of a moment: a read from it returns every event from that moment on.
    ///
    /// @param moment of the years 1970 to 10889
    /// @throws IllegalArgumentException where it is of another
    public static Offset since(Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LAST_MOMENT)) {
            throw new IllegalArgumentException(moment + " is not within " + Instant.EPOCH + " to " + LAST_MOMENT);
        }
        return new Offset(Ulid.min(moment.toEpochMilli()));
    }

    /// The offset plus one: where a reader goes on that has read this event.
    public Offset next() {
        if (ulid.equals(Ulid.MAX)) {
            throw new IllegalStateException("there is no offset after " + this);
        }
        return new Offset(ulid.increment());
    }

    /// When the offset was assigned, by the store's clock, in milliseconds; later than the clock's time where the clock
    /// had stepped back.
    public Instant time() {
        return ulid.getInstant();
    }

    byte[] bytes() {
        return ulid.toBytes();
    }

    @Override
    public int compareTo(Offset other) {
        return ulid.compareTo(other.ulid);
    }

    public boolean isBefore(Offset other) {
        return compareTo(other) < 0;
    }

    static Offset earlier(Offset one, Offset other) {
        return other.isBefore(one) ? other : one;
    }

    static Offset later(Offset one, Offset other) {
        return one.isBefore(other) ? other : one;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Offset offset && ulid.equals(offset.ulid);
    }

    @Override
    public int hashCode() {
        return ulid.hashCode();
    }

    /// The canonical spelling.
    @Override
    public String toString() {
        return ulid.toString();
    }
}
