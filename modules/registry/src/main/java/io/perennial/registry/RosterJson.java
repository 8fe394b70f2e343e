package io.perennial.registry;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The file's format: `{"version":1,"servers":[...]}` and a line feed, with the leases of [LeaseJson] ordered by id,
/// and their owners where they have one.
///
/// Whatever is not exactly that is corrupt, as a whole: a lease read half is one that the next write loses, and every
/// living server writes its own again within a heartbeat. Only fields that nobody knows are ignored.
final class RosterJson {
    /// The most bytes that a file has, as part of the format: a limit that differed between processes would let one
    /// take for corrupt what another wrote.
    static final int LIMIT_BYTES = 8 * 1024 * 1024;

    private static final int VERSION = 1;
    private static final String OWNER = "owner";
    private static final Parsed NO_HEARTBEAT =
            new Parsed.Invalid(List.of(new Violation("lastHeartbeat", "must be an integer, of milliseconds")));

    private RosterJson() {}

    /// What a file holds.
    sealed interface Content {}

    record Intact(Roster roster) implements Content {}

    record Corrupt(String reason) implements Content {}

    static boolean fits(Roster roster) {
        return encode(roster).length <= LIMIT_BYTES;
    }

    static byte[] encode(Roster roster) {
        JsonArrayBuilder servers = JsonText.JSON.createArrayBuilder();
        roster.leases().forEach(lease -> servers.add(json(lease)));
        JsonObject file = JsonText.JSON
                .createObjectBuilder()
                .add("version", VERSION)
                .add("servers", servers)
                .build();
        return (JsonText.of(file) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject json(Lease lease) {
        JsonObject json = LeaseJson.json(lease);
        return lease.owner().isEmpty()
                ? json
                : JsonText.JSON
                        .createObjectBuilder(json)
                        .add(OWNER, lease.owner())
                        .build();
    }

    /// @param bytes the file, or its first [#LIMIT_BYTES] and at least one more
    static Content decode(byte[] bytes) {
        if (bytes.length > LIMIT_BYTES) {
            return new Corrupt("larger than " + LIMIT_BYTES + " bytes");
        }
        return switch (JsonText.parse(bytes)) {
            case JsonText.Malformed(String reason) -> new Corrupt(reason);
            case JsonText.Parsed(JsonObject file) -> servers(file);
            case JsonText.Parsed _ -> new Corrupt("not an object");
        };
    }

    private static Content servers(JsonObject file) {
        if (!(file.get("version") instanceof JsonNumber version)
                || !version.toString().equals("1")) {
            return new Corrupt("its version is not " + VERSION);
        }
        return file.get("servers") instanceof JsonArray servers
                ? roster(servers)
                : new Corrupt("its servers are no array");
    }

    private static Content roster(JsonArray servers) {
        NavigableMap<String, Lease> leases = new TreeMap<>();
        for (JsonValue server : servers) {
            switch (lease(server)) {
                case Parsed.Invalid(var violations) -> {
                    Violation first = violations.getFirst();
                    return new Corrupt("servers[" + leases.size() + "]." + first.field() + " " + first.rule());
                }
                case Parsed.Valid(Lease lease) -> {
                    Lease owned = lease.ownedBy(server.asJsonObject().getString(OWNER, ""));
                    if (leases.putIfAbsent(lease.id(), owned) != null) {
                        return new Corrupt("servers[" + leases.size() + "].id is there twice");
                    }
                }
            }
        }
        return new Intact(new Roster(leases));
    }

    private static Parsed lease(JsonValue server) {
        JsonObject json = server instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
        try {
            return json.get("lastHeartbeat") instanceof JsonNumber heartbeat
                    ? LeaseJson.parse(json, Instant.ofEpochMilli(heartbeat.longValueExact()))
                    : NO_HEARTBEAT;
        } catch (ArithmeticException _) {
            return NO_HEARTBEAT;
        }
    }
}
