package io.perennial.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Who was known by which token lately, so that requests that follow each other needn't be verified each: by the hash
/// of the whole token, since this outlives the connections that tokens come by.
final class Remembered {
    private static final int MOST = 4_096;

    private final Map<String, Caller> callers = new ConcurrentHashMap<>();

    Optional<Caller> get(String token, Instant now) {
        String hash = hash(token);
        Optional<Caller> found = Optional.ofNullable(callers.get(hash));
        if (found.filter(caller -> caller.isOver(now)).isPresent()) {
            callers.remove(hash);
            return Optional.empty();
        }
        return found;
    }

    // Only what was verified comes here, so nobody pushes others out without a token for each.
    void put(String token, Caller caller) {
        if (callers.size() >= MOST) {
            callers.keySet().stream().findAny().ifPresent(callers::remove);
        }
        callers.put(hash(token), caller);
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return new String(digest, StandardCharsets.ISO_8859_1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
