package io.perennial.server;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/// The elements of a JSON array as they stand there, each in one line: parsed and written anew, numbers and spaces
/// could be others.
final class Lines {
    private Lines() {}

    /// @param array of objects
    static List<String> of(String array) {
        List<String> lines = new ArrayList<>();
        try (JsonParser parser = Json.createParser(new StringReader(array))) {
            int depth = 0;
            int begin = 0;
            while (parser.hasNext()) {
                JsonParser.Event event = parser.next();
                int here = (int) parser.getLocation().getStreamOffset();
                switch (event) {
                    case START_ARRAY -> depth++;
                    case START_OBJECT -> {
                        depth++;
                        begin = depth == 2 ? here - 1 : begin;
                    }
                    case END_OBJECT -> {
                        if (depth == 2) {
                            // A line break in JSON is between its parts.
                            lines.add(array.substring(begin, here).replace('\n', ' '));
                        }
                        depth--;
                    }
                    case END_ARRAY -> depth--;
                    default -> {}
                }
            }
        }
        return lines;
    }
}
