package io.perennial.access;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Whose JWTs are taken, and how.
///
/// @param issuer what their `iss` has to be, letter by letter
/// @param audience what has to be in their `aud`
/// @param keys where the issuer's public keys are, as a JWK Set (RFC 7517): a `file`, `http` or `https` URI
/// @param keysRefresh how often keys at a URL are asked for
/// @param keysStale for how long they are trusted while they can't be had; longer than `keysRefresh`
/// @param claim where permissions are: an array of texts such as `read:sessions/**`, or one text with spaces between
/// @param skew how far the issuer's clock may be from this one's; zero or more
public record JwtConfig(
        String issuer,
        String audience,
        URI keys,
        Duration keysRefresh,
        Duration keysStale,
        String claim,
        Duration skew) {
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration STALE = Duration.ofHours(1);
    private static final String CLAIM = "perennial";
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final List<String> HTTP = List.of("http", "https");

    public JwtConfig {
        if (issuer.isEmpty() || audience.isEmpty() || claim.isEmpty()) {
            throw new IllegalArgumentException("an issuer, an audience and a claim have names");
        }
        if (!isHttp(keys) && !"file".equals(keys.getScheme())) {
            throw new IllegalArgumentException("keys are in a file, or at an http or https URL, and not at " + keys);
        }
        if (isHttp(keys) && keys.getHost() == null) {
            throw new IllegalArgumentException("there is no host in " + keys);
        }
        if (!keysRefresh.isPositive() || keysStale.compareTo(keysRefresh) <= 0) {
            throw new IllegalArgumentException("keys are trusted for longer (" + keysStale
                    + ") than it takes until they are asked for again (" + keysRefresh + ")");
        }
        if (skew.isNegative()) {
            throw new IllegalArgumentException("clocks are zero apart or more");
        }
    }

    /// With the usual for the rest.
    public static JwtConfig of(String issuer, String audience, URI keys) {
        return new JwtConfig(issuer, audience, keys, REFRESH, STALE, CLAIM, SKEW);
    }

    private static boolean isHttp(URI uri) {
        return HTTP.contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
    }

    /// Whether the keys are elsewhere.
    boolean isRemote() {
        return isHttp(keys);
    }
}
