package io.perennial.eventstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A set of streams by their paths, segment by segment: `*` is any one segment, `**` any number of them, none included,
/// and every other segment stands for itself, whatever characters it has. Sets are equal where their texts are.
///
/// The server's own streams are in no set by accident: `__registry__` only where the first segment says so, and what
/// lies below `__ds` never.
///
/// To tell whether a path is in it takes a step for each of the path's segments, whatever the pattern: whoever has
/// the server match patterns of theirs can't make it slow. All that a pattern may have matched so far is kept as
/// the bits of one number (Navarro and Raffinot, Flexible Pattern Matching in Strings).
public final class StreamGlob {
    /// The longest text in characters.
    public static final int LONGEST = 1024;

    /// The most segments that a text has.
    public static final int MOST_SEGMENTS = 62;

    private static final String ANY = "*";
    private static final String ANY_NUMBER = "**";
    private static final String CONTROL = "__ds";
    private static final List<String> OWN = List.of(CONTROL, "__registry__");

    private final String text;
    private final String first;
    // Bit i stands for the i-th segment, of those that aren't **: which of them are a given name, and which any.
    private final Map<String, Long> named = new HashMap<>();
    private final long any;
    // Bit i is there where ** stands before the i-th segment, or at the end.
    private final long gaps;
    private final long end;

    /// @param text 1 to 1,024 characters of a path, not beginning with a slash, in at most 62 segments
    /// @throws IllegalArgumentException where it is no such text
    public StreamGlob(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a pattern has 1 to " + LONGEST + " characters");
        }
        // A pattern looks like what a stream may be called.
        this.text = new StreamKey(text).path();
        List<String> segments = segments(text);
        if (segments.size() > MOST_SEGMENTS) {
            throw new IllegalArgumentException("a pattern has at most " + MOST_SEGMENTS + " segments");
        }
        this.first = segments.getFirst();
        long bit = 1;
        long anys = 0;
        long before = 0;
        for (String segment : segments) {
            if (segment.equals(ANY_NUMBER)) {
                before |= bit;
                continue;
            }
            if (segment.equals(ANY)) {
                anys |= bit;
            } else {
                named.merge(segment, bit, (one, other) -> one | other);
            }
            bit <<= 1;
        }
        this.any = anys;
        this.gaps = before;
        this.end = bit;
    }

    public String text() {
        return text;
    }

    public boolean matches(StreamKey stream) {
        return covers(stream.path(), Segment.NAMES);
    }

    /// Whether every stream of the other set is in this one, too; it may say no where only several parts of this one
    /// together have them all.
    public boolean covers(StreamGlob other) {
        return covers(other.text, Segment.PATTERNS);
    }

    /// What the paths of all streams of the set begin with; possibly empty.
    public String prefix() {
        StringBuilder prefix = new StringBuilder();
        for (String segment : segments(text)) {
            // Without the slash behind it, since ** may match nothing: a/** matches a.
            if (segment.equals(ANY) || segment.equals(ANY_NUMBER)) {
                return prefix.toString();
            }
            prefix.append(prefix.isEmpty() ? "" : "/").append(segment);
        }
        return prefix.toString();
    }

    // What a segment that looks like a wildcard is.
    private enum Segment {
        NAMES,
        PATTERNS
    }

    private boolean covers(String path, Segment kind) {
        // Bit i is there where what came so far may be all that stands before the i-th segment.
        long matched = 1;
        int from = 0;
        while (from <= path.length() && matched != 0) {
            int slash = path.indexOf('/', from);
            String segment = path.substring(from, slash < 0 ? path.length() : slash);
            if (from == 0 && isKept(segment)) {
                return false;
            }
            boolean isMany = kind == Segment.PATTERNS && segment.equals(ANY_NUMBER);
            long one = isMany ? 0 : any | named.getOrDefault(segment, 0L);
            matched = ((matched & one) << 1) | (matched & gaps);
            from = slash < 0 ? path.length() + 1 : slash + 1;
        }
        return (matched & end) != 0;
    }

    private boolean isKept(String segment) {
        return segment.equals(CONTROL) || (OWN.contains(segment) && !segment.equals(first));
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(path.substring(from));
        return segments;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamGlob glob && text.equals(glob.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
