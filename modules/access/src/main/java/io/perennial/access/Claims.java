package io.perennial.access;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a verified token says (RFC 7519, section 4.1).
record Claims(
        String subject, List<Grant> grants, Instant expires, Optional<Instant> notBefore, Optional<Instant> issued) {
    private static final int LONGEST_SUBJECT = 256;
    private static final int MOST_GRANTS = 256;
    private static final BigDecimal LAST_SECOND =
            BigDecimal.valueOf(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());
    private static final int MOST_DIGITS = 20;
    private static final int NANO_DIGITS = 9;

    /// @throws RefusedTokenException where it isn't from the issuer to us, or isn't as it has to be
    static Claims parse(String json, JwtConfig config) throws RefusedTokenException {
        JsonObject claims = StrictJson.object(json);
        if (!text(claims, "iss").equals(config.issuer())) {
            throw new RefusedTokenException("it is another issuer's");
        }
        if (!texts(claims, "aud").contains(config.audience())) {
            throw new RefusedTokenException("it is for somebody else");
        }
        return new Claims(
                subject(claims),
                grants(claims, config.claim()),
                moment(claims, "exp").orElseThrow(() -> new RefusedTokenException("it has no exp")),
                moment(claims, "nbf"),
                moment(claims, "iat"));
    }

    /// @throws RefusedTokenException where it isn't valid yet, or not any more; `exp` is exclusive
    void requireTimely(Instant now, Duration skew) throws RefusedTokenException {
        if (!now.isBefore(expires.plus(skew))) {
            throw new RefusedTokenException("it has expired");
        }
        Instant latest = now.plus(skew);
        if (notBefore.filter(latest::isBefore).isPresent()) {
            throw new RefusedTokenException("it isn't valid yet");
        }
        if (issued.filter(latest::isBefore).isPresent()) {
            throw new RefusedTokenException("it was issued in the future");
        }
    }

    // It goes into logs and the registry's file.
    private static String subject(JsonObject claims) throws RefusedTokenException {
        String subject = text(claims, "sub");
        if (subject.isBlank()
                || subject.length() > LONGEST_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedTokenException("its sub is empty, too long, or no text of one line");
        }
        return subject;
    }

    private static List<Grant> grants(JsonObject claims, String name) throws RefusedTokenException {
        List<String> texts = switch (claims.get(name)) {
            case null -> List.of();
            case JsonString text ->
                Arrays.stream(text.getString().split(" ", -1))
                        .filter(word -> !word.isEmpty())
                        .toList();
            default -> texts(claims, name);
        };
        if (texts.size() > MOST_GRANTS) {
            throw new RefusedTokenException("it has more than " + MOST_GRANTS + " permissions");
        }
        try {
            return texts.stream().map(Grant::parse).toList();
        } catch (IllegalArgumentException _) {
            // All of it: what was meant to be allowed isn't known.
            throw new RefusedTokenException("one of its permissions is none");
        }
    }

    private static String text(JsonObject claims, String name) throws RefusedTokenException {
        if (claims.get(name) instanceof JsonString text) {
            return text.getString();
        }
        throw new RefusedTokenException("it has no text called " + name);
    }

    // One text, or an array of them.
    private static List<String> texts(JsonObject claims, String name) throws RefusedTokenException {
        if (!(claims.get(name) instanceof JsonArray array)) {
            return List.of(text(claims, name));
        }
        List<String> texts = new ArrayList<>();
        for (JsonValue value : array) {
            if (!(value instanceof JsonString text)) {
                throw new RefusedTokenException("something but texts is in its " + name);
            }
            texts.add(text.getString());
        }
        return List.copyOf(texts);
    }

    // Seconds since 1970, whole or not.
    private static Optional<Instant> moment(JsonObject claims, String name) throws RefusedTokenException {
        if (!claims.containsKey(name)) {
            return Optional.empty();
        }
        if (claims.get(name) instanceof JsonNumber number) {
            BigDecimal seconds = number.bigDecimalValue();
            // Before anything is calculated: 1e999999999 has as many digits as that.
            boolean isPlain = Math.abs((long) seconds.scale()) <= MOST_DIGITS;
            if (isPlain && seconds.signum() >= 0 && seconds.compareTo(LAST_SECOND) <= 0) {
                return Optional.of(instant(seconds));
            }
        }
        throw new RefusedTokenException("its " + name + " is no moment");
    }

    private static Instant instant(BigDecimal seconds) {
        BigDecimal nanos = seconds.setScale(NANO_DIGITS, RoundingMode.FLOOR).remainder(BigDecimal.ONE);
        return Instant.ofEpochSecond(
                seconds.longValue(), nanos.movePointRight(NANO_DIGITS).longValue());
    }
}
