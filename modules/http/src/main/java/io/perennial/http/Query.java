package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The query of a request, decoded strictly: what isn't UTF-8 is refused rather than replaced, since two different
/// broken names would become one, and a parameter that is given twice is refused rather than chosen from.
///
/// @param raw as it was sent, without the question mark
record Query(String raw) {
    static Query of(ServerRequest request) {
        return new Query(request.prologue().query().rawValue());
    }

    /// The parameter's value, where it was given; possibly empty.
    Optional<String> value(String name) {
        List<String> values = Arrays.stream(raw.split("&", -1))
                .filter(pair -> nameOf(pair).equals(name))
                .toList();
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.badRequest("RepeatedParameter", "the parameter " + name + " is given more than once"));
        }
        return values.stream().findFirst().map(pair -> decode(name, valueOf(pair)));
    }

    private static String nameOf(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? pair : pair.substring(0, equals);
    }

    private static String valueOf(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? "" : pair.substring(equals + 1);
    }

    private static String decode(String name, String encoded) {
        try {
            // As Latin-1 each character is one byte, which leaves the judgement on the bytes to the strict decoder.
            byte[] bytes =
                    URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new ProblemException(
                    Problem.badRequest("InvalidParameter", "the parameter " + name + " isn't percent-encoded UTF-8"));
        }
    }
}
