package io.perennial.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The frames of `text/event-stream`.
final class Sse {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);

    private Sse() {}

    /// An event of a type of its own, such as `heartbeat`.
    static byte[] named(String type, String json) {
        return ("event: " + type + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /// An event of a type of its own that a client resumes from.
    static byte[] numbered(String id, String type, String json) {
        return ("id: " + id + "\nevent: " + type + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /// An event of the default type.
    static byte[] plain(byte[] json) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream(json.length + 16);
        data(frame, json);
        return frame.toByteArray();
    }

    /// Writes `data:` lines and the empty line that ends an event. JSON may hold line ends between its tokens; each
    /// begins another `data:` line, and the client puts them together again.
    static void data(ByteArrayOutputStream out, byte[] json) {
        out.writeBytes(DATA);
        for (int i = 0; i < json.length; i++) {
            boolean carriageReturn = json[i] == '\r';
            if (carriageReturn || json[i] == '\n') {
                if (carriageReturn && i + 1 < json.length && json[i + 1] == '\n') {
                    i++;
                }
                out.write('\n');
                out.writeBytes(DATA);
            } else {
                out.write(json[i]);
            }
        }
        out.write('\n');
        out.write('\n');
    }
}
