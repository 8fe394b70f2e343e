package io.perennial.eventstore;

/// The name of a stream: its path below the stream root, with the escapes of the URL normalised and never decoded
/// further, so that `a%2Fb` is not `a/b`.
///
/// @param path 1 to 16,384 characters of printable ASCII without a space, not beginning with a slash
public record StreamKey(String path) {
    /// The longest path in characters.
    public static final int LONGEST = 16_384;

    public StreamKey {
        if (path.isEmpty() || path.length() > LONGEST) {
            throw new IllegalArgumentException("a stream's path has 1 to " + LONGEST + " characters");
        }
        if (path.charAt(0) == '/' || !isPrintable(path)) {
            throw new IllegalArgumentException(
                    "a stream's path is printable ASCII, everything else percent-encoded, and begins with no slash");
        }
    }

    private static boolean isPrintable(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return path;
    }
}
