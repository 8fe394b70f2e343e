package io.perennial.http;

import io.helidon.http.Status;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.CharArrayReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// JSON as bytes: checked when it comes in, and then left alone.
///
/// The factories are looked up once: the look-up costs twenty times what a small document does.
final class JsonText {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonParserFactory PARSERS = JSON.createParserFactory(Map.of());
    // A key that is there twice is refused rather than chosen: whoever looked at the body before may have chosen the
    // other one.
    private static final JsonReaderFactory READERS =
            JSON.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    // In memory each is a good hundred bytes more than it is long, so that a small body could take a large heap.
    private static final int MOST_MESSAGES = 65_536;

    private JsonText() {}

    /// The one JSON value that the bytes hold, without the white space around it and otherwise byte for byte.
    ///
    /// @throws ProblemException where there is none, or more than one, or the nesting is too deep
    static byte[] value(byte[] body) {
        byte[] value = stripped(body);
        if (value.length == 0) {
            throw new ProblemException(
                    Problem.badRequest("EmptyBody", "the body is empty: it has to hold one JSON value"));
        }
        CharBuffer text = characters(value);
        try (JsonParser parser = PARSERS.createParser(reader(text))) {
            while (parser.hasNext()) {
                parser.next();
            }
        } catch (RuntimeException e) {
            // JsonException, but too deep a nesting, which Parsson reports as no more than this.
            throw malformed(e);
        }
        return value;
    }

    /// The messages of a body (protocol, section 9.1.2): the elements of a JSON array, or the one value that it
    /// holds, each byte for byte as it was sent.
    ///
    /// @throws ProblemException as [#value], or where there are too many
    static List<byte[]> messages(byte[] body) {
        byte[] value = stripped(body);
        return value.length > 0 && value[0] == '[' ? elements(value) : List.of(value(body));
    }

    private static List<byte[]> elements(byte[] array) {
        CharBuffer text = characters(array);
        List<byte[]> elements = new ArrayList<>();
        try (JsonParser parser = PARSERS.createParser(reader(text))) {
            int depth = 0;
            int end = 1;
            while (parser.hasNext()) {
                depth += switch (parser.next()) {
                    case START_ARRAY, START_OBJECT -> 1;
                    case END_ARRAY, END_OBJECT -> -1;
                    default -> 0;
                };
                int here = (int) parser.getLocation().getStreamOffset();
                if (depth == 1 && here > 1) {
                    requireRoom(elements);
                    elements.add(slice(array, text, skipped(text, end), here));
                    end = here;
                }
            }
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed(e);
        }
        return elements;
    }

    private static void requireRoom(List<byte[]> messages) {
        if (messages.size() == MOST_MESSAGES) {
            throw new ProblemException(Problem.of(
                    Status.REQUEST_ENTITY_TOO_LARGE_413,
                    "TooManyMessages",
                    "the body holds more than " + MOST_MESSAGES + " messages, the most of one append"));
        }
    }

    // Between two elements the parser has seen one comma and white space.
    private static int skipped(CharBuffer text, int from) {
        int begin = from;
        while (text.get(begin) == ',' || isSpace((byte) text.get(begin))) {
            begin++;
        }
        return begin;
    }

    private static byte[] slice(byte[] array, CharBuffer text, int begin, int end) {
        // As many characters as bytes: each is one.
        return text.length() == array.length
                ? Arrays.copyOfRange(array, begin, end)
                : text.subSequence(begin, end).toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The one JSON object that the bytes hold.
    static JsonObject object(byte[] body) {
        // Checked first, since a reader leaves alone whatever follows the object.
        try (JsonReader reader = READERS.createReader(reader(characters(value(body))))) {
            if (reader.readValue() instanceof JsonObject object) {
                return object;
            }
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            throw malformed(e);
        }
        throw new ProblemException(Problem.badRequest("InvalidJson", "the body isn't a JSON object"));
    }

    private static ProblemException malformed(RuntimeException reason) {
        return new ProblemException(
                Problem.badRequest("InvalidJson", "the body isn't one JSON value: " + reason.getMessage()));
    }

    private static Reader reader(CharBuffer text) {
        return new CharArrayReader(text.array(), 0, text.length());
    }

    private static CharBuffer characters(byte[] json) {
        try {
            // Unlike a reader, a decoder of its own refuses what isn't UTF-8.
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new ProblemException(Problem.badRequest("InvalidJson", "the body isn't UTF-8, which JSON has to be"));
        }
    }

    private static byte[] stripped(byte[] json) {
        int begin = 0;
        int end = json.length;
        while (begin < end && isSpace(json[begin])) {
            begin++;
        }
        while (begin < end && isSpace(json[end - 1])) {
            end--;
        }
        return begin == 0 && end == json.length ? json : Arrays.copyOfRange(json, begin, end);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    static JsonObjectBuilder object() {
        return JSON.createObjectBuilder();
    }

    static byte[] bytes(JsonObjectBuilder object) {
        return object.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The text as a JSON string, in quotes.
    static String quoted(String text) {
        return JSON.createValue(text).toString();
    }

    static JsonProvider provider() {
        return JSON;
    }
}
