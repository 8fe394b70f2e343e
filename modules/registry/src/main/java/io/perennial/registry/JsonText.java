package io.perennial.registry;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriter;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON as it stands in a file: values to text, and bytes to values.
final class JsonText {
    /// Looked up once: the methods of `jakarta.json.Json` look it up on every call, for 19 µs each.
    static final JsonProvider JSON = JsonProvider.provider();

    private JsonText() {}

    /// What bytes turned out to be.
    sealed interface Outcome {}

    record Parsed(JsonValue value) implements Outcome {}

    record Malformed(String reason) implements Outcome {}

    /// The compact text.
    static String of(JsonObject object) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = JSON.createWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /// One JSON value in well-formed UTF-8, and nothing after it.
    static Outcome parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return new Malformed("not UTF-8");
        }
        // A parser, as a JsonReader takes no notice of what follows the value.
        try (JsonParser parser = JSON.createParser(new StringReader(text))) {
            parser.next();
            JsonValue value = parser.getValue();
            return parser.hasNext() ? new Malformed("more than one value") : new Parsed(value);
        } catch (RuntimeException e) {
            // Not only JsonException: it is a bare RuntimeException where the text nests too deep, and others still
            // for numbers too large and for no text at all.
            return new Malformed("not JSON: " + e.getMessage());
        }
    }
}
