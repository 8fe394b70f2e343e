package io.perennial.http;

import java.util.ArrayList;
import java.util.List;

/// An event as an `EventSource` dispatches it.
///
/// @param type `message` where the stream names none
/// @param lastEventId the last one that the stream gave, up to this event
record SseEvent(String type, String data, String lastEventId) {
    /// Reads a stream as the HTML standard says (9.2.6, interpreting an event stream); what no empty line ends is
    /// discarded.
    static List<SseEvent> parse(String stream) {
        List<SseEvent> events = new ArrayList<>();
        String type = "";
        String lastEventId = "";
        StringBuilder data = new StringBuilder();
        // The last piece is what no line end ends.
        String[] lines = stream.split("\r\n|\r|\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            String line = lines[i];
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    String text = data.substring(0, data.length() - 1);
                    events.add(new SseEvent(type.isEmpty() ? "message" : type, text, lastEventId));
                }
                data.setLength(0);
                type = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "data" -> data.append(value).append('\n');
                case "event" -> type = value;
                case "id" -> lastEventId = value;
                default -> {
                    // A comment, or nothing that the standard knows.
                }
            }
        }
        return events;
    }
}
