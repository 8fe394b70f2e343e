package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.util.Arrays;
import java.util.List;

/// Which streams a subscription finds by itself.
public sealed interface Pattern {
    /// None.
    Pattern NOTHING = new Nothing();

    boolean matches(StreamKey stream);

    /// What the paths of all matching streams begin with; possibly empty.
    String prefix();

    record Nothing() implements Pattern {
        @Override
        public boolean matches(StreamKey stream) {
            return false;
        }

        @Override
        public String prefix() {
            return "";
        }
    }

    /// The streams whose paths match, segment by segment: `*` is any one segment, `**` any number of them, none
    /// included, and every other segment stands for itself, whatever characters it has.
    ///
    /// The server's own streams are not found by accident: `__registry__` only where the first segment says so, and
    /// what lies below `__ds` never.
    ///
    /// @param text 1 to 1,024 characters of a path, not beginning with a slash
    record Glob(String text) implements Pattern {
        /// The longest pattern in characters.
        public static final int LONGEST = 1024;

        private static final String ANY = "*";
        private static final String ANY_NUMBER = "**";
        private static final String CONTROL = "__ds";
        private static final List<String> OWN = List.of(CONTROL, "__registry__");

        public Glob {
            if (text.length() > LONGEST) {
                throw new IllegalArgumentException("a pattern has 1 to " + LONGEST + " characters");
            }
            // A pattern looks like what a stream may be called.
            text = new StreamKey(text).path();
        }

        @Override
        public boolean matches(StreamKey stream) {
            List<String> segments = segments(stream.path());
            List<String> wanted = segments(text);
            String first = segments.getFirst();
            if (first.equals(CONTROL) || (OWN.contains(first) && !first.equals(wanted.getFirst()))) {
                return false;
            }
            return matches(wanted, segments);
        }

        // Goes back to the last ** only: whatever an earlier one could take besides, the last one can take as well. So
        // the work is bounded by the product of both lengths.
        private static boolean matches(List<String> wanted, List<String> segments) {
            int at = 0;
            int want = 0;
            int retryWant = -1;
            int retryAt = -1;
            while (at < segments.size()) {
                if (want < wanted.size() && wanted.get(want).equals(ANY_NUMBER)) {
                    retryWant = want + 1;
                    retryAt = at;
                    want = retryWant;
                } else if (want < wanted.size() && isOne(wanted.get(want), segments.get(at))) {
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
            return wanted.subList(want, wanted.size()).stream().allMatch(ANY_NUMBER::equals);
        }

        private static boolean isOne(String wanted, String segment) {
            return wanted.equals(ANY) || wanted.equals(segment);
        }

        @Override
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

        private static List<String> segments(String path) {
            return Arrays.asList(path.split("/", -1));
        }
    }
}
