package io.perennial.http;

import io.perennial.eventstore.Event;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.PageEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// How the session face writes events: each as `{"offset": ULID, "event": the bytes that were appended}`.
final class SessionEncoding {
    /// A catch-up answer: a JSON array.
    static final PageEncoder ARRAY = SessionEncoding::array;

    /// A live answer: an SSE event each, whose id is the offset to resume from.
    static final PageEncoder FRAMES = SessionEncoding::frames;

    private static final byte[] OFFSET = ascii("{\"offset\":\"");
    private static final byte[] EVENT = ascii("\",\"event\":");
    private static final byte[] ID = ascii("id: ");
    private static final int AROUND_BYTES = 96;

    private SessionEncoding() {}

    private static byte[] array(Page page) {
        ByteArrayOutputStream out = buffer(page);
        out.write('[');
        boolean first = true;
        for (Event event : page.events()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            entry(out, event);
        }
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] frames(Page page) {
        ByteArrayOutputStream out = buffer(page);
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        for (Event event : page.events()) {
            out.writeBytes(ID);
            out.writeBytes(ascii(event.offset().next().toString()));
            out.write('\n');
            entry.reset();
            entry(entry, event);
            Sse.data(out, entry.toByteArray());
        }
        return out.toByteArray();
    }

    private static void entry(ByteArrayOutputStream out, Event event) {
        out.writeBytes(OFFSET);
        out.writeBytes(ascii(event.offset().toString()));
        out.writeBytes(EVENT);
        out.writeBytes(event.data());
        out.write('}');
    }

    private static ByteArrayOutputStream buffer(Page page) {
        return new ByteArrayOutputStream(
                (int) (page.bytes() + (long) AROUND_BYTES * page.events().size() + 2));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
