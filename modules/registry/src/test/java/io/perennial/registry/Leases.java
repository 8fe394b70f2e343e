package io.perennial.registry;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Leases to try things with.
final class Leases {
    private Leases() {}

    static Lease lease(String id) {
        return lease(id, 12);
    }

    static Lease lease(String id, long pid) {
        return new Lease(
                id, URI.create("http://127.0.0.1:4437"), 4437, pid, ManualTime.BEGIN, JsonValue.EMPTY_JSON_OBJECT);
    }

    static Lease lease(String id, Instant heartbeat) {
        return lease(id).stamped(heartbeat);
    }

    static Lease lease(String id, JsonObject metadata) {
        Lease plain = lease(id);
        return new Lease(id, plain.url(), plain.port(), plain.pid(), plain.lastHeartbeat(), metadata);
    }

    static List<String> ids(List<Lease> leases) {
        return leases.stream().map(Lease::id).toList();
    }

    static JsonObject object(String json) {
        if (JsonText.parse(json.getBytes(StandardCharsets.UTF_8)) instanceof JsonText.Parsed(JsonObject object)) {
            return object;
        }
        throw new AssertionError("no JSON object: " + json);
    }
}
