package io.perennial.subscriptions;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/// What tells configurations apart: the SHA-256 of a subscription's configuration in its one normal form.
record Fingerprint(String hex) {
    static Fingerprint of(SubscriptionSpec spec) {
        byte[] normal = JsonText.bytes(SubscriptionJson.spec(spec));
        try {
            return new Fingerprint(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(normal)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
