package io.perennial.http;

import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Event;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.PageEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// How the protocol's face writes a page: the stored bytes put together, nothing parsed (protocol, sections 5.8 and 9).
///
/// In SSE a page is one event of the type `data`, whose id is the offset to resume from; none where the page is empty.
///
/// @param body the body of a catch-up answer
/// @param zipped the same, compressed
/// @param frame the page as an SSE event
record StreamEncoding(PageEncoder body, PageEncoder zipped, PageEncoder frame) {
    static final StreamEncoding JSON = of(StreamEncoding::array, StreamEncoding::jsonFrame);
    static final StreamEncoding TEXT = of(StreamEncoding::whole, StreamEncoding::textFrame);
    static final StreamEncoding BINARY = of(StreamEncoding::whole, StreamEncoding::base64Frame);

    private static StreamEncoding of(PageEncoder body, PageEncoder frame) {
        return new StreamEncoding(body, page -> Gzip.zipped(page.encoded(body)), frame);
    }

    static StreamEncoding of(ContentType type) {
        if (type.matches(ContentType.JSON)) {
            return JSON;
        }
        return type.value().toLowerCase(Locale.ROOT).startsWith("text/") ? TEXT : BINARY;
    }

    private static byte[] array(Page page) {
        ByteArrayOutputStream out = buffer(page);
        out.write('[');
        boolean first = true;
        for (Event event : page.events()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(event.data());
        }
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] whole(Page page) {
        ByteArrayOutputStream out = buffer(page);
        page.events().forEach(event -> out.writeBytes(event.data()));
        return out.toByteArray();
    }

    private static byte[] jsonFrame(Page page) {
        return page.events().isEmpty() ? new byte[0] : frame(page, array(page));
    }

    private static byte[] textFrame(Page page) {
        return page.events().isEmpty() ? new byte[0] : frame(page, whole(page));
    }

    private static byte[] base64Frame(Page page) {
        return page.events().isEmpty()
                ? new byte[0]
                : frame(page, Base64.getEncoder().encode(whole(page)));
    }

    private static byte[] frame(Page page, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
        out.writeBytes(("id: " + page.next() + "\nevent: data\n").getBytes(StandardCharsets.US_ASCII));
        Sse.tightData(out, data);
        return out.toByteArray();
    }

    private static ByteArrayOutputStream buffer(Page page) {
        return new ByteArrayOutputStream((int) page.bytes() + page.events().size() + 2);
    }
}
