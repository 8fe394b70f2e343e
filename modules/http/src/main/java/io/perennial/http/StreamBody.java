package io.perennial.http;

import io.perennial.eventstore.ContentType;
import java.util.List;

/// What a body comes to as events of a stream (protocol, section 9.1): each message of JSON one, everything else whole.
final class StreamBody {
    private StreamBody() {}

    /// The events; none for an empty body, and for an empty JSON array.
    static List<byte[]> events(ContentType type, byte[] body) {
        if (body.length == 0) {
            return List.of();
        }
        return type.matches(ContentType.JSON) ? JsonText.messages(body) : List.of(body);
    }
}
