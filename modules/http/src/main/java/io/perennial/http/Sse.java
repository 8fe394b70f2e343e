package io.perennial.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The frames of `text/event-stream`.
final class Sse {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIGHT_DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private Sse() {}

    /// An event of a type of its own, such as `heartbeat`.
    static byte[] named(String type, String json) {
        return ("event: " + type + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /// An event of a type of its own that a client resumes from.
    static byte[] numbered(String id, String type, String json) {
        return ("id: " + id + "\nevent: " + type + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /// The beginning of a control event of the protocol, in the bytes that its clients know (protocol, section 5.8):
    /// what is left is the rest of the object, and the empty line.
    static byte[] control(String id, String json) {
        return ("id: " + id + "\nevent: control\ndata:" + json).getBytes(StandardCharsets.US_ASCII);
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
        lines(out, DATA, json);
    }

    /// The same for any text, and without a space of its own where the text has none to be confused with it.
    static void tightData(ByteArrayOutputStream out, byte[] text) {
        lines(out, TIGHT_DATA, text);
    }

    private static void lines(ByteArrayOutputStream out, byte[] prefix, byte[] text) {
        int begin = 0;
        while (begin <= text.length) {
            int end = begin;
            while (end < text.length && text[end] != '\n' && text[end] != '\r') {
                end++;
            }
            out.writeBytes(prefix);
            if (begin < end && text[begin] == ' ' && prefix[prefix.length - 1] == ':') {
                // A client takes one space after the colon away.
                out.write(' ');
            }
            out.write(text, begin, end - begin);
            out.write('\n');
            boolean isPair = end + 1 < text.length && text[end] == '\r' && text[end + 1] == '\n';
            begin = end + (isPair ? 2 : 1);
        }
        out.write('\n');
    }
}
