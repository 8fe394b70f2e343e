package io.perennial.access;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/// A token as it was sent, in the compact form of RFC 7515, of which nothing is believed before it is verified.
///
/// Whatever its header says of where a key is to be had (`jwk`, `jku`, `x5u`, `x5c`) isn't even looked at.
///
/// @param kid the name of a key, which is compared and nothing else
record SignedToken(String text, Algorithm algorithm, Optional<String> kid) {
    private static final int LONGEST = 8_192;
    private static final int LONGEST_KID = 256;
    private static final Pattern THREE_SEGMENTS = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    // Each says that the rest means something else than it looks like.
    private static final List<String> UNWANTED = List.of("crit", "b64", "zip", "enc", "cty");

    // A token that its issuer made for something else is no access token (RFC 8725, section 3.11).
    private static final Set<String> TYPES = Set.of("jwt", "application/jwt", "at+jwt", "application/at+jwt");

    /// @throws RefusedTokenException where it takes too long to look at
    static void requireShort(String bearer) throws RefusedTokenException {
        if (bearer.length() > LONGEST) {
            throw new RefusedTokenException("it is longer than " + LONGEST + " characters");
        }
    }

    /// @throws RefusedTokenException where it can't be one that is taken, whoever signed it
    static SignedToken parse(String bearer) throws RefusedTokenException {
        if (!THREE_SEGMENTS.matcher(bearer).matches()) {
            throw new RefusedTokenException("it isn't three segments of base64url");
        }
        for (String segment : bearer.split("\\.", -1)) {
            requireCanonical(segment);
        }
        byte[] first = Base64.getUrlDecoder().decode(bearer.substring(0, bearer.indexOf('.')));
        JsonObject header = StrictJson.object(new String(first, StandardCharsets.UTF_8));
        if (UNWANTED.stream().anyMatch(header::containsKey)) {
            throw new RefusedTokenException("its header asks for what isn't done here");
        }
        if (header.containsKey("typ") && !isType(text(header, "typ"))) {
            throw new RefusedTokenException("it is for something else");
        }
        Algorithm algorithm = Algorithm.of(text(header, "alg"))
                .orElseThrow(() -> new RefusedTokenException("its algorithm isn't RS256, ES256 or EdDSA"));
        return new SignedToken(
                bearer, algorithm, header.containsKey("kid") ? Optional.of(kid(header)) : Optional.empty());
    }

    // Decoders forgive what is no base64url, and bits at the end that nobody reads: many texts would be one token.
    private static void requireCanonical(String segment) throws RefusedTokenException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(segment)) {
                return;
            }
        } catch (IllegalArgumentException _) {
            // Refused below like any other.
        }
        throw new RefusedTokenException("it isn't base64url as it has to be written");
    }

    private static boolean isType(String type) {
        return TYPES.contains(type.toLowerCase(Locale.ROOT));
    }

    private static String kid(JsonObject header) throws RefusedTokenException {
        String kid = text(header, "kid");
        if (kid.length() > LONGEST_KID) {
            throw new RefusedTokenException("its kid is too long");
        }
        return kid;
    }

    private static String text(JsonObject header, String name) throws RefusedTokenException {
        if (header.get(name) instanceof JsonString text) {
            return text.getString();
        }
        throw new RefusedTokenException("its header has no text called " + name);
    }

    /// What was signed.
    ///
    /// @throws RefusedTokenException where it wasn't signed with that key
    String verified(TrustedKey key) throws RefusedTokenException {
        JsonWebSignature signature = new JsonWebSignature();
        // The key's, whatever the header says: they are the same, or it is refused here once more.
        signature.setAlgorithmConstraints(
                new AlgorithmConstraints(ConstraintType.PERMIT, key.algorithm().text()));
        signature.setKey(key.key());
        try {
            signature.setCompactSerialization(text);
            if (signature.verifySignature()) {
                return signature.getPayload();
            }
        } catch (JoseException | RuntimeException _) {
            // Whatever a forgery makes the library throw, it is a forgery.
        }
        throw new RefusedTokenException("its signature isn't the key's");
    }

    /// Tells no secret.
    @Override
    public String toString() {
        return algorithm + " token";
    }
}
