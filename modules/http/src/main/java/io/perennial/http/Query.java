package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
        Optional<String> found = Optional.empty();
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (name.equals(equals < 0 ? pair : pair.substring(0, equals))) {
                if (found.isPresent()) {
                    throw new ProblemException(Problem.badRequest(
                            "RepeatedParameter", "the parameter " + name + " is given more than once"));
                }
                found = Optional.of(equals < 0 ? "" : decode("the parameter " + name, pair.substring(equals + 1)));
            }
        }
        return found;
    }

    static String decode(String name, String encoded) {
        try {
            if (!isPrintable(encoded)) {
                throw new IllegalArgumentException("not percent-encoded");
            }
            if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0) {
                return encoded;
            }
            // As Latin-1 each character is one byte, which leaves the judgement on the bytes to the strict decoder.
            byte[] bytes =
                    URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new ProblemException(Problem.badRequest("InvalidParameter", name + " isn't percent-encoded UTF-8"));
        }
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
