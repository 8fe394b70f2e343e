package io.perennial.registry;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/// A lease as JSON, on the wire as in the file, with the heartbeat in epoch milliseconds, and without `metadata` where
/// there is none:
///
/// ```json
/// {
///   "id": "a", "url": "http://127.0.0.1:4437", "port": 4437, "pid": 12, "lastHeartbeat": 1767225600000,
///   "metadata": {"zone": "b"}
/// }
/// ```
public final class LeaseJson {
    private LeaseJson() {}

    /// Reads a lease that someone sent. Fields that a lease does not have are ignored, and so is `lastHeartbeat`.
    ///
    /// @param heartbeat the lease's heartbeat; the registry that registers it puts its own time instead
    public static Parsed parse(JsonObject json, Instant heartbeat) {
        // What is missing or of another type becomes a value that breaks the field's rule.
        String id = text(json, "id");
        String url = text(json, "url");
        long port = integer(json, "port");
        long pid = integer(json, "pid");
        JsonValue metadata = json.getOrDefault("metadata", JsonValue.EMPTY_JSON_OBJECT);
        List<Violation> violations = LeaseRule.violations(id, url, port, pid, metadata);
        return violations.isEmpty()
                ? new Parsed.Valid(new Lease(id, URI.create(url), (int) port, pid, heartbeat, metadata.asJsonObject()))
                : new Parsed.Invalid(violations);
    }

    /// The fields in the order above.
    public static JsonObject json(Lease lease) {
        JsonObjectBuilder json = JsonText.JSON
                .createObjectBuilder()
                .add("id", lease.id())
                .add("url", lease.url().toString())
                .add("port", lease.port())
                .add("pid", lease.pid())
                .add("lastHeartbeat", lease.lastHeartbeat().toEpochMilli());
        return lease.metadata().isEmpty()
                ? json.build()
                : json.add("metadata", lease.metadata()).build();
    }

    private static String text(JsonObject json, String field) {
        return json.get(field) instanceof JsonString text ? text.getString() : "";
    }

    private static long integer(JsonObject json, String field) {
        try {
            return json.get(field) instanceof JsonNumber number ? number.longValueExact() : 0;
        } catch (ArithmeticException _) {
            return 0;
        }
    }
}
