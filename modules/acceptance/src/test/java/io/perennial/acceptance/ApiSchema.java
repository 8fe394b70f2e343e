package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a value may be, in as much of JSON Schema as the document uses. Stricter in one thing: a field that isn't
/// documented is wrong.
final class ApiSchema {
    private final OpenAPI document;
    private final Schema<?> schema;

    ApiSchema(OpenAPI document, Schema<?> schema) {
        this.document = document;
        this.schema = schema.get$ref() == null
                ? schema
                : document.getComponents().getSchemas().get(ApiContract.last(schema.get$ref()));
    }

    /// As a header has it: without quotes.
    void assertIsText(String where, String text) {
        Optional.ofNullable(schema.getPattern())
                .ifPresent(pattern -> assertTrue(text.matches(pattern), where + " " + text));
        Optional.ofNullable(schema.getEnum())
                .ifPresent(values -> assertTrue(texts(values).contains(text), where + " " + text + " " + values));
        switch (String.valueOf(schema.getType())) {
            case "integer" -> assertTrue(text.matches("-?[0-9]+"), where + " " + text);
            case "boolean" -> assertTrue(text.matches("true|false"), where + " " + text);
            default -> {}
        }
    }

    void assertIsJson(String where, String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            assertIs(where, reader.readValue());
        }
    }

    private void assertIs(String where, JsonValue value) {
        if (value.equals(JsonValue.NULL) && Boolean.TRUE.equals(schema.getNullable())) {
            return;
        }
        switch (type()) {
            case "object" -> assertIsObject(where, value.asJsonObject());
            case "array" -> {
                ApiSchema items = new ApiSchema(document, schema.getItems());
                value.asJsonArray().forEach(item -> items.assertIs(where + "[]", item));
            }
            case "string" -> {
                assertEquals(JsonValue.ValueType.STRING, value.getValueType(), where);
                assertIsText(where, ((JsonString) value).getString());
            }
            case "integer", "boolean" -> assertIsText(where, value.toString());
            // Anything.
            default -> assertEquals("null", type(), where);
        }
    }

    private String type() {
        return schema.getAllOf() == null ? String.valueOf(schema.getType()) : "object";
    }

    private void assertIsObject(String where, JsonObject object) {
        Map<String, Schema<?>> properties = new TreeMap<>();
        Set<String> missing = new TreeSet<>();
        boolean isOpen = false;
        for (Schema<?> part : parts()) {
            Optional.ofNullable(part.getProperties()).orElse(Map.of()).forEach(properties::put);
            missing.addAll(Optional.ofNullable(part.getRequired()).orElse(List.of()));
            isOpen |= Boolean.TRUE.equals(part.getAdditionalProperties());
        }
        missing.removeAll(object.keySet());
        assertEquals(Set.of(), missing, where + ": required, and not there: " + object);
        for (Map.Entry<String, JsonValue> field : object.entrySet()) {
            Schema<?> property = properties.get(field.getKey());
            assertTrue(isOpen || property != null, where + ": not documented: " + field.getKey());
            if (property != null) {
                new ApiSchema(document, property).assertIs(where + "." + field.getKey(), field.getValue());
            }
        }
    }

    /// The schemas that an object has to keep, each with properties of its own.
    private List<Schema<?>> parts() {
        List<Schema<?>> parts = new ArrayList<>();
        if (schema.getAllOf() == null) {
            parts.add(schema);
        } else {
            schema.getAllOf().forEach(part -> parts.addAll(new ApiSchema(document, part).parts()));
        }
        return parts;
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }
}
