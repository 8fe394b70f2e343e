package io.perennial.eventstore;

import java.util.Arrays;
import java.util.List;

/// A set of streams by their paths, segment by segment: `*` is any one segment, `**` any number of them, none included,
/// and every other segment stands for itself, whatever characters it has.
///
/// The server's own streams are in no set by accident: `__registry__` only where the first segment says so, and what
/// lies below `__ds` never.
///
/// @param text 1 to 1,024 characters of a path, not beginning with a slash
public record StreamGlob(String text) {
    /// The longest text in characters.
    public static final int LONGEST = 1024;

    private static final String ANY = "*";
    private static final String ANY_NUMBER = "**";
    private static final String CONTROL = "__ds";
    private static final List<String> OWN = List.of(CONTROL, "__registry__");

    public StreamGlob {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a pattern has 1 to " + LONGEST + " characters");
        }
        // A pattern looks like what a stream may be called.
        text = new StreamKey(text).path();
    }

    public boolean matches(StreamKey stream) {
        return covers(segments(stream.path()), Segment.NAMES);
    }

    /// Whether every stream of the other set is in this one, too.
    public boolean covers(StreamGlob other) {
        return covers(segments(other.text), Segment.PATTERNS);
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

    private boolean covers(List<String> segments, Segment kind) {
        List<String> wanted = segments(text);
        String first = segments.getFirst();
        if (first.equals(CONTROL) || (OWN.contains(first) && !first.equals(wanted.getFirst()))) {
            return false;
        }
        return covers(wanted, segments, kind);
    }

    // Goes back to the last ** only: whatever an earlier one could take besides, the last one can take as well. So the
    // work is bounded by the product of both lengths.
    private static boolean covers(List<String> wanted, List<String> segments, Segment kind) {
        int at = 0;
        int want = 0;
        int retryWant = -1;
        int retryAt = -1;
        while (at < segments.size()) {
            if (want < wanted.size() && wanted.get(want).equals(ANY_NUMBER)) {
                retryWant = want + 1;
                retryAt = at;
                want = retryWant;
            } else if (want < wanted.size() && isOne(wanted.get(want), segments.get(at), kind)) {
                want++;
                at++;
            } else if (retryWant >= 0) {
                retryAt++;
                at = retryAt;
                want = retryWant;
            } else {
                return false;
            }
        }
        while (want < wanted.size() && wanted.get(want).equals(ANY_NUMBER)) {
            want++;
        }
        return want == wanted.size();
    }

    private static boolean isOne(String wanted, String segment, Segment kind) {
        boolean isMany = kind == Segment.PATTERNS && segment.equals(ANY_NUMBER);
        return !isMany && (wanted.equals(ANY) || wanted.equals(segment));
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.split("/", -1));
    }
}
