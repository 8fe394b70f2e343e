package io.perennial.access;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/// The keys that are trusted at a time, and who was known by them. Never changed: another takes its place.
final class KeySet {
    static final KeySet NONE = new KeySet(List.of());

    private final List<TrustedKey> keys;
    private final Remembered remembered = new Remembered();

    private KeySet(List<TrustedKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// Reads a JWK Set, and leaves out what isn't meant for signatures, or for others than these.
    ///
    /// @throws IllegalArgumentException where it isn't one
    static KeySet parse(String text) {
        List<TrustedKey> found = new ArrayList<>();
        try {
            JsonObject set = StrictJson.object(text);
            if (!(set.get("keys") instanceof JsonArray keys)) {
                throw new IllegalArgumentException("it is no JWK Set");
            }
            for (JsonValue key : keys) {
                trusted(key)
                        .filter(one -> found.stream().noneMatch(one::isSame))
                        .ifPresent(found::add);
            }
        } catch (RefusedTokenException e) {
            throw new IllegalArgumentException("it is no JWK Set", e);
        }
        return new KeySet(found);
    }

    private static Optional<TrustedKey> trusted(JsonValue value) {
        if (!(value instanceof JsonObject json)) {
            return Optional.empty();
        }
        try {
            // One with its private half was published by mistake, and whoever saw it signs with it.
            if (json.containsKey("d") || !isForSignatures(json)) {
                return Optional.empty();
            }
            PublicKey key =
                    PublicJsonWebKey.Factory.newPublicJwk(json.toString()).getPublicKey();
            return Algorithm.of(key)
                    .filter(algorithm -> says(json, "alg", algorithm.text()))
                    .map(algorithm -> new TrustedKey(Optional.ofNullable(json.getString("kid", null)), algorithm, key));
        } catch (JoseException | RuntimeException _) {
            // Of a type that isn't known here, or broken: sets have such keys in them, and the others are good.
            return Optional.empty();
        }
    }

    private static boolean isForSignatures(JsonObject json) {
        boolean isToVerify = !json.containsKey("key_ops")
                || json.getJsonArray("key_ops").getValuesAs(JsonString.class).stream()
                        .anyMatch(operation -> operation.getString().equals("verify"));
        return says(json, "use", "sig") && isToVerify;
    }

    // That, or nothing.
    private static boolean says(JsonObject json, String name, String expected) {
        return !json.containsKey(name)
                || (json.get(name) instanceof JsonString text
                        && text.getString().equals(expected));
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /// The one key that a token means; nothing where it is none, or more than one could be.
    Optional<TrustedKey> find(SignedToken token) {
        List<TrustedKey> meant =
                keys.stream().filter(key -> key.isMeantBy(token)).toList();
        return meant.size() == 1 ? Optional.of(meant.getFirst()) : Optional.empty();
    }

    /// Whether the key with this fingerprint is one of them.
    boolean has(String fingerprint) {
        return keys.stream().anyMatch(key -> key.fingerprint().equals(fingerprint));
    }

    Remembered remembered() {
        return remembered;
    }

    /// The same keys; those that were trusted before as they were then, so that whoever is known by them stays so.
    KeySet after(KeySet before) {
        return new KeySet(keys.stream()
                .map(key -> before.keys.stream()
                        .filter(old -> old.isSame(key) && !old.isWithdrawn())
                        .findFirst()
                        .orElse(key))
                .toList());
    }

    /// Ends whoever is known by a key that isn't in that set.
    void withdrawAllBut(KeySet now) {
        keys.stream().filter(key -> !now.keys.contains(key)).forEach(TrustedKey::withdraw);
    }
}
