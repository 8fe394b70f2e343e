package io.perennial.access;

import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.Map;

/// JSON as others write it, of which there is one reading: a name is there once, and nothing is behind the object.
final class StrictJson {
    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private StrictJson() {}

    /// @throws RefusedTokenException where the text is anything but one object
    static JsonObject object(String text) throws RefusedTokenException {
        try (var reader = READERS.createReader(new StringReader(text));
                JsonParser parser = Json.createParser(new StringReader(text))) {
            JsonObject object = reader.readObject();
            // The reader stops where the object ends; the parser fails at whatever is behind it.
            while (parser.hasNext()) {
                parser.next();
            }
            return object;
        } catch (RuntimeException _) {
            // Whatever the parser says of depth, numbers and names.
            throw new RefusedTokenException("it isn't a JSON object");
        }
    }
}
