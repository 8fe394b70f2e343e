package io.perennial.subscriptions;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a worker proves with that a wake was given to it: JSON Web Tokens, signed with HMAC-SHA256, that name the
/// subscription, the generation, the wake, who claimed it, and when they expire. Never logged.
final class Tokens {
    /// Longer than any one piece of work, as a lease can be extended for as long as a worker likes.
    static final Duration LIFETIME = Duration.ofDays(1);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST = 4096;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER =
            ENCODER.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII));

    private static final String CLAIMER = "by";

    private final Supplier<byte[]> secret;
    private final Predicate<String> isThere;

    /// What a token turned out to be.
    sealed interface Outcome {}

    record Valid(WakeRef wake) implements Outcome {}

    record Invalid() implements Outcome {}

    record Expired() implements Outcome {}

    /// @param isThere whether whoever claimed a wake still is: their tokens end with them
    Tokens(Supplier<byte[]> secret, Predicate<String> isThere) {
        this.secret = secret;
        this.isThere = isThere;
    }

    /// For the webhook that is called.
    String called(SubscriptionId id, WakeRef wake, Instant now) {
        return signed(claims(id, wake, now));
    }

    /// For the worker that claimed the wake.
    String claimed(SubscriptionId id, WakeRef wake, String claimer, Instant now) {
        return signed(claims(id, wake, now).add(CLAIMER, claimer));
    }

    private static JsonObjectBuilder claims(SubscriptionId id, WakeRef wake, Instant now) {
        return JsonText.object()
                .add("sub", id.value())
                .add("gen", wake.generation())
                .add("wake", wake.wakeId())
                .add("exp", now.plus(LIFETIME).getEpochSecond());
    }

    private String signed(JsonObjectBuilder claims) {
        String signed = HEADER + "." + ENCODER.encodeToString(JsonText.bytes(claims));
        return signed + "." + ENCODER.encodeToString(mac(signed));
    }

    Outcome verify(SubscriptionId id, String token, Instant now) {
        int dot = token.lastIndexOf('.');
        if (token.length() > LONGEST || dot < 0 || !token.startsWith(HEADER + ".")) {
            return new Invalid();
        }
        String signed = token.substring(0, dot);
        byte[] expected = ENCODER.encodeToString(mac(signed)).getBytes(StandardCharsets.US_ASCII);
        // In constant time, and the text rather than the bytes, of which base64 knows several spellings.
        if (!MessageDigest.isEqual(expected, token.substring(dot + 1).getBytes(StandardCharsets.UTF_8))) {
            return new Invalid();
        }
        // Whatever was signed is our own.
        JsonObject claims = JsonText.object(Base64.getUrlDecoder().decode(signed.substring(HEADER.length() + 1)));
        boolean isGone = claims.containsKey(CLAIMER) && !isThere.test(claims.getString(CLAIMER));
        if (!claims.getString("sub").equals(id.value()) || isGone) {
            return new Invalid();
        }
        if (now.getEpochSecond() >= claims.getJsonNumber("exp").longValue()) {
            return new Expired();
        }
        return new Valid(new WakeRef(
                claims.getString("wake"), claims.getJsonNumber("gen").longValue()));
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.get(), ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
