package io.perennial.eventstore;

/// A text that is no offset.
public final class MalformedOffsetException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_CHARS = 64;

    MalformedOffsetException(String text) {
        super("'" + shown(text) + "' is no offset: an offset is -1 (the start), now (the tail), or 26 characters of"
                + " upper-case Crockford base 32, as Stream-Next-Offset gives them");
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
    }
}
