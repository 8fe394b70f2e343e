package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.StreamInfo;
import java.util.Arrays;
import java.util.List;

/// The `ETag` of a page: which life of the stream, from where to where, what is behind it, and how it is
/// encoded (protocol, section 10.1).
///
/// A page that reached the tail and one of the same events that has more behind it are told apart, or a
/// cache would go on saying that its reader is up to date.
record EntityTag(String text) {
    static EntityTag of(StreamInfo stream, ReadFrom from, Page page, boolean isZipped) {
        String begin = switch (from) {
            case ReadFrom.Start _ -> "-1";
            case ReadFrom.At(Offset offset) -> offset.toString();
            case ReadFrom.Tail _, ReadFrom.Last _ ->
                throw new IllegalArgumentException("what is read there is another thing each time");
        };
        String ending = switch (page.ending()) {
            case MORE -> ":m";
            case UP_TO_DATE -> "";
            case CLOSED -> ":c";
        };
        String zipped = isZipped ? ":g" : "";
        return new EntityTag("\"" + stream.created() + ":" + begin + ":" + page.next() + ending + zipped + "\"");
    }

    /// Whether the client has it, by `If-None-Match`, which compares weakly (RFC 9110, section 13.1.2).
    boolean isKnown(ServerRequest request) {
        List<String> values = request.headers().all(HeaderNames.IF_NONE_MATCH, List::of);
        return values.equals(List.of("*"))
                || values.stream()
                        .flatMap(value -> Arrays.stream(value.split(",")))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(text::equals);
    }
}
