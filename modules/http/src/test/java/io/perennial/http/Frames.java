package io.perennial.http;

import io.perennial.eventstore.Offset;
import java.time.Instant;

/// The frames of live answers as they should be, byte for byte.
final class Frames {
    static final String CONNECTED = "data: {\"type\":\"server.connected\",\"properties\":{}}\n\n";
    static final String LAGGED = "data: {\"type\":\"server.lagged\",\"properties\":{}}\n\n";

    private Frames() {}

    /// An event of a session, where its JSON has no line end.
    static String event(Offset offset, String json) {
        return "id: " + offset.next() + "\ndata: {\"offset\":\"" + offset + "\",\"event\":" + json + "}\n\n";
    }

    static String caughtUp(Offset tail) {
        return caughtUp(tail.toString());
    }

    static String caughtUp(String offset) {
        return "id: " + offset + "\nevent: catch-up-complete\ndata: {\"offset\":\"" + offset
                + "\",\"upToDate\":true}\n\n";
    }

    static String closed(Offset tail) {
        return "event: closed\ndata: {\"offset\":\"" + tail + "\"}\n\n";
    }

    static String heartbeat(Instant time) {
        return "event: heartbeat\ndata: {\"timestamp\":" + time.toEpochMilli() + "}\n\n";
    }

    /// What the bus says of a session's event.
    static String onTheBus(String session, Offset offset, String json) {
        return "data: {\"sessionId\":\"" + session + "\",\"offset\":\"" + offset + "\",\"event\":" + json + "}\n\n";
    }
}
