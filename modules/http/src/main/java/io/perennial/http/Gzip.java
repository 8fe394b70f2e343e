package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.ContentType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Compression of whole answers.
final class Gzip {
    // What fits in a packet gains nothing.
    private static final int LEAST_BYTES = 1_400;
    private static final Pattern TEXTUAL =
            Pattern.compile("(text/.*|.*[/+](json|xml|ndjson|x-ndjson|javascript|yaml))( *;.*)?");
    private static final Pattern ACCEPTED = Pattern.compile("(gzip|x-gzip|\\*)(?:\\s*;\\s*q=([0-9.]+))?");

    private Gzip() {}

    static boolean pays(ContentType type, byte[] body) {
        return body.length >= LEAST_BYTES
                && TEXTUAL.matcher(type.value().toLowerCase(Locale.ROOT)).matches();
    }

    /// Whether the client takes it; says to caches that the answer depends on it.
    static boolean isAccepted(ServerRequest request, ServerResponse response) {
        response.header(Names.VARY_ENCODING);
        return request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(coding -> ACCEPTED.matcher(coding.strip().toLowerCase(Locale.ROOT)))
                .filter(Matcher::matches)
                // The client's own word on gzip goes before what it says of all others.
                .sorted((a, b) ->
                        Boolean.compare(a.group(1).equals("*"), b.group(1).equals("*")))
                .findFirst()
                .filter(coding -> coding.group(2) == null || !coding.group(2).matches("0(\\.0*)?"))
                .isPresent();
    }

    static byte[] zipped(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream gzip = new Fast(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can't fail", e);
        }
        return out.toByteArray();
    }

    // Most of the gain at a fraction of the time.
    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
