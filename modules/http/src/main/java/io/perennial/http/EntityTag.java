package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.StreamInfo;
import java.util.Arrays;
import java.util.List;

/// The `ETag` of a page: which life of the stream, from where to where, whether it is closed, and how it is encoded
/// (protocol, section 10.1).
record EntityTag(String text) {
    static EntityTag of(StreamInfo stream, ReadFrom from, Page page, boolean isZipped) {
        String begin = switch (from) {
            case ReadFrom.Start _ -> "-1";
            case ReadFrom.At(Offset offset) -> offset.toString();
            case ReadFrom.Tail _ -> throw new IllegalArgumentException("a read of the tail has no tag");
        };
        String closed = page.ending() == Ending.CLOSED ? ":c" : "";
        String zipped = isZipped ? ":g" : "";
        return new EntityTag("\"" + stream.created() + ":" + begin + ":" + page.next() + closed + zipped + "\"");
    }

    /// Whether the client has it, by `If-None-Match`, which compares weakly (RFC 9110, section 13.1.2).
    boolean isKnown(ServerRequest request) {
        return request.headers().all(HeaderNames.IF_NONE_MATCH, List::of).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals(text) || tag.equals("*"));
    }
}
