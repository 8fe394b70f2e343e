package io.perennial.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What whoever has a token sends: `perennial_<id>_<256 random bits>`. The beginning lets scanners of code find one
/// that was published. Nothing slow is needed to hash it: there is nothing to guess.
record Secret(String id, String text) {
    private static final int ID_BYTES = 9;
    private static final int SECRET_BYTES = 32;
    private static final String PREFIX = "perennial_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "([A-Za-z0-9-]{12})_[A-Za-z0-9_-]{43}");

    static Secret random() {
        SecureRandom random = new SecureRandom();
        // Within the id an underscore would be taken for its end.
        String id = encoded(random, ID_BYTES).replace('_', '-');
        return new Secret(id, PREFIX + id + "_" + encoded(random, SECRET_BYTES));
    }

    private static String encoded(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Whether a text is one, or nothing at all.
    static boolean isMeantBy(String text) {
        return text.startsWith(PREFIX);
    }

    static Optional<Secret> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new Secret(form.group(1), text)) : Optional.empty();
    }

    String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Whether it is the one with this hash, in a time that tells nothing of where they differ.
    boolean has(String hash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
    }

    /// Tells no secret.
    @Override
    public String toString() {
        return PREFIX + id + "_...";
    }
}
