package io.perennial.http;

import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Event;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.PageEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// How the session face writes events: each as `{"offset": ULID, "event": the bytes that were appended}`, or where
/// these aren't JSON `{"offset": ULID, "data": them as base64}`.
///
/// @param array a catch-up answer: a JSON array
/// @param frames a live answer: an SSE event each, whose id is the offset to resume from
record SessionEncoding(PageEncoder array, PageEncoder frames) {
    private static final SessionEncoding JSON = of(SessionEncoding::addJson);
    private static final SessionEncoding BYTES = of(SessionEncoding::addBase64);

    private static final byte[] OFFSET = ascii("{\"offset\":\"");
    private static final byte[] EVENT = ascii("\",\"event\":");
    private static final byte[] DATA = ascii("\",\"data\":\"");
    private static final byte[] ID = ascii("id: ");
    private static final int AROUND_BYTES = 96;

    /// Writes what comes behind an event's offset.
    private interface Rest {
        void add(ByteArrayOutputStream out, byte[] data);
    }

    static SessionEncoding of(ContentType type) {
        return type.matches(ContentType.JSON) ? JSON : BYTES;
    }

    private static SessionEncoding of(Rest rest) {
        return new SessionEncoding(page -> array(page, rest), page -> frames(page, rest));
    }

    private static byte[] array(Page page, Rest rest) {
        ByteArrayOutputStream out = buffer(page);
        out.write('[');
        boolean first = true;
        for (Event event : page.events()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            entry(out, event, rest);
        }
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] frames(Page page, Rest rest) {
        ByteArrayOutputStream out = buffer(page);
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        for (Event event : page.events()) {
            out.writeBytes(ID);
            out.writeBytes(ascii(event.offset().next().toString()));
            out.write('\n');
            entry.reset();
            entry(entry, event, rest);
            Sse.data(out, entry.toByteArray());
        }
        return out.toByteArray();
    }

    private static void entry(ByteArrayOutputStream out, Event event, Rest rest) {
        out.writeBytes(OFFSET);
        out.writeBytes(ascii(event.offset().toString()));
        rest.add(out, event.data());
        out.write('}');
    }

    private static void addJson(ByteArrayOutputStream out, byte[] data) {
        out.writeBytes(EVENT);
        out.writeBytes(data);
    }

    private static void addBase64(ByteArrayOutputStream out, byte[] data) {
        out.writeBytes(DATA);
        out.writeBytes(Base64.getEncoder().encode(data));
        out.write('"');
    }

    private static ByteArrayOutputStream buffer(Page page) {
        return new ByteArrayOutputStream(
                (int) (page.bytes() + (long) AROUND_BYTES * page.events().size() + 2));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
