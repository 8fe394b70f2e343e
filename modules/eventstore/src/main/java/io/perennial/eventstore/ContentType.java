package io.perennial.eventstore;

import java.util.Locale;

/// The media type that a stream was created with.
///
/// @param value as it was given, parameters included; 1 to 255 characters
public record ContentType(String value) {
    /// `application/json`.
    public static final ContentType JSON = new ContentType("application/json");

    /// The longest in characters.
    public static final int LONGEST = 255;

    public ContentType {
        if (value.isBlank() || value.length() > LONGEST) {
            throw new IllegalArgumentException("a content type has 1 to " + LONGEST + " characters");
        }
    }

    /// Whether events of this type may go to a stream of the other: the type without its parameters, in any case.
    public boolean matches(ContentType other) {
        return value.equals(other.value) || mediaType().equals(other.mediaType());
    }

    private String mediaType() {
        int parameters = value.indexOf(';');
        return (parameters < 0 ? value : value.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }
}
