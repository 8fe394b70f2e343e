package io.perennial.registry;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// The rules that every lease keeps, one for each field that a server says of itself.
///
/// One lease that the file cannot hold would cost everyone the file. So the rules also ask that a value comes back
/// from the file as it went in: a lone surrogate does not survive UTF-8, and a parser takes only so many digits.
enum LeaseRule {
    ID("id", "must be 1 to 200 characters, none of them a control character"),
    URL("url", "must be an absolute http or https URL with a host, of at most 2048 ASCII characters"),
    PORT("port", "must be an integer from 1 to 65535"),
    PID("pid", "must be an integer greater than 0"),
    METADATA("metadata", "must be an object of at most 4096 bytes as compact JSON, at most 32 levels deep");

    private static final int ID_LIMIT_CHARACTERS = 200;
    private static final int URL_LIMIT_CHARACTERS = 2048;
    private static final int METADATA_LIMIT_BYTES = 4096;
    private static final int METADATA_LIMIT_LEVELS = 32;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private final String field;
    private final String rule;

    LeaseRule(String field, String rule) {
        this.field = field;
        this.rule = rule;
    }

    /// Every rule that these values break; none where they make a lease.
    static List<Violation> violations(String id, String url, long port, long pid, JsonValue metadata) {
        List<Violation> violations = new ArrayList<>();
        ID.check(isId(id), violations);
        URL.check(isUrl(url), violations);
        PORT.check(port >= 1 && port <= 65_535, violations);
        PID.check(pid > 0, violations);
        METADATA.check(isMetadata(metadata), violations);
        return violations;
    }

    private void check(boolean kept, List<Violation> violations) {
        if (!kept) {
            violations.add(new Violation(field, rule));
        }
    }

    private static boolean isId(String id) {
        long characters = id.codePoints().count();
        return characters >= 1
                && characters <= ID_LIMIT_CHARACTERS
                && id.codePoints().noneMatch(LeaseRule::isUnfitForAnId);
    }

    private static boolean isUnfitForAnId(int character) {
        return Character.isISOControl(character)
                || switch (Character.getType(character)) {
                    // The first two end a line, for whoever reads it in a log.
                    case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
                    default -> false;
                };
    }

    private static boolean isUrl(String url) {
        if (url.length() > URL_LIMIT_CHARACTERS || !url.chars().allMatch(character -> character < 0x80)) {
            return false;
        }
        try {
            URI uri = new URI(url);
            return uri.isAbsolute() && isHttp(uri.getScheme()) && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean isHttp(String scheme) {
        return SCHEMES.stream().anyMatch(scheme::equalsIgnoreCase);
    }

    private static boolean isMetadata(JsonValue value) {
        if (!(value instanceof JsonObject metadata)) {
            return false;
        }
        if (metadata.isEmpty()) {
            return true;
        }
        // The depth first: whatever comes after it recurses.
        if (!isAtMostDeep(metadata, METADATA_LIMIT_LEVELS)) {
            return false;
        }
        byte[] bytes = JsonText.of(metadata).getBytes(StandardCharsets.UTF_8);
        return bytes.length <= METADATA_LIMIT_BYTES
                && JsonText.parse(bytes) instanceof JsonText.Parsed(JsonValue back)
                && back.equals(metadata);
    }

    private static boolean isAtMostDeep(JsonValue value, int levels) {
        return switch (value) {
            case JsonObject object -> areAtMostDeep(object.values(), levels);
            case JsonArray array -> areAtMostDeep(array, levels);
            default -> true;
        };
    }

    private static boolean areAtMostDeep(Collection<JsonValue> values, int levels) {
        return levels > 0 && values.stream().allMatch(value -> isAtMostDeep(value, levels - 1));
    }
}
