package io.perennial.access;

import static io.perennial.access.Issuer.EC;
import static io.perennial.access.Issuer.ED;
import static io.perennial.access.Issuer.RSA;
import static io.perennial.access.Issuer.encoded;

import io.perennial.access.Issuer.Signing;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens that aren't the issuer's, or not as they have to be.
final class Forgeries {
    static final Signing ATTACKER = Signing.rsa("attacker", 2_048);
    static final Signing SMALL = Signing.rsa("small", 1_024);
    static final Signing P384 = Signing.ec("p384", "secp384r1");
    static final Signing FOR_ENCRYPTION = Signing.ec("for-encryption", "secp256r1");
    static final Signing FOR_PSS = Signing.rsa("for-pss", 2_048);
    static final Signing FOR_SIGNING = Signing.ed("for-signing");
    static final Signing TWICE = Signing.ed("twice");
    static final Signing TWICE_OTHER = Signing.ed("twice");
    static final byte[] SHARED = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /// A token, and what is wrong with it.
    record Forgery(String what, String token) {}

    private Forgeries() {}

    private static String header(String alg, String kid) {
        return "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\"}";
    }

    static List<Forgery> ofAlgorithms(ClaimsText claims) {
        List<Forgery> found = new ArrayList<>();
        String good = claims.toString();
        for (Signing key : List.of(RSA, EC, ED)) {
            String signature = key.sign(good).split("\\.", -1)[2];
            for (String alg :
                    List.of("none", "None", "NONE", "nOnE", "none ", "", "rs256", "Es256", "eddsa", "EDDSA")) {
                String unsigned = encoded(header(alg, key.kid())) + "." + encoded(good) + ".";
                found.add(new Forgery("alg '" + alg + "' without a signature", unsigned));
                found.add(new Forgery("alg '" + alg + "' with another's", unsigned + signature));
                found.add(new Forgery("alg '" + alg + "' signed", key.sign(header(alg, key.kid()), good)));
            }
            for (String alg : List.of("null", "1", "[\"" + key.alg() + "\"]", "{}", "true")) {
                found.add(new Forgery(
                        "alg " + alg, key.sign("{\"alg\":" + alg + ",\"kid\":\"" + key.kid() + "\"}", good)));
            }
            found.add(new Forgery("no alg", key.sign("{\"kid\":\"" + key.kid() + "\"}", good)));
            for (Signing other : List.of(RSA, EC, ED)) {
                if (!other.equals(key)) {
                    found.add(new Forgery(
                            key.alg() + " by " + other.kid(), other.sign(header(key.alg(), key.kid()), good)));
                    found.add(new Forgery(
                            key.alg() + " for " + other.kid(), key.sign(header(key.alg(), other.kid()), good)));
                    found.add(new Forgery(
                            other.alg() + " called so by " + key.kid(),
                            key.sign(header(other.alg(), key.kid()), good)));
                }
            }
        }
        secrets().forEach((what, secret) -> {
            for (String alg : List.of("HS256", "HS384", "HS512", "hs256", "RS256", "ES256", "EdDSA")) {
                for (String kid : List.of("rsa", "ec", "ed", "oct")) {
                    String signed = encoded(header(alg, kid)) + "." + encoded(good);
                    found.add(new Forgery(alg + " with " + what + " for " + kid, signed + "." + mac(signed, secret)));
                }
            }
        });
        found.add(by("RS384", "SHA384withRSA", RSA, good));
        found.add(by("RS512", "SHA512withRSA", RSA, good));
        found.add(by("RS1", "SHA1withRSA", RSA, good));
        found.add(by("RS256", "SHA1withRSA", RSA, good));
        found.add(by("RS256", "SHA384withRSA", RSA, good));
        found.add(by("ES384", "SHA384withECDSAinP1363Format", P384, good));
        found.add(by("ES256", "SHA256withECDSAinP1363Format", P384, good));
        found.add(by("ES512", "SHA512withECDSAinP1363Format", EC, good));
        found.add(by("ES256", "SHA512withECDSAinP1363Format", EC, good));
        found.add(by("ES256K", "SHA256withECDSAinP1363Format", EC, good));
        found.add(by("ES256", "SHA256withECDSA", EC, good));
        found.add(by("Ed25519", "Ed25519", ED, good));
        found.add(by("RS256", "SHA256withRSA", SMALL, good));
        found.add(by("ES256", "SHA256withECDSAinP1363Format", FOR_ENCRYPTION, good));
        found.add(by("RS256", "SHA256withRSA", FOR_PSS, good));
        found.add(by("EdDSA", "Ed25519", FOR_SIGNING, good));
        found.add(by("EdDSA", "Ed25519", TWICE, good));
        found.add(by("EdDSA", "Ed25519", TWICE_OTHER, good));
        for (String alg : List.of("PS256", "RS256")) {
            found.add(new Forgery(alg + " by PSS", pss(header(alg, "rsa"), good, RSA)));
            found.add(new Forgery(alg + " by PSS", pss(header(alg, "for-pss"), good, FOR_PSS)));
        }
        return found;
    }

    private static Forgery by(String alg, String jca, Signing key, String claims) {
        return new Forgery(
                alg + " by " + jca + " of " + key.kid(),
                Issuer.sign(header(alg, key.kid()), claims, jca, key.secret()));
    }

    private static String pss(String header, String claims, Signing key) {
        try {
            Signature signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            signature.initSign(key.secret());
            String signed = encoded(header) + "." + encoded(claims);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // What everybody has, taken for a secret.
    private static Map<String, byte[]> secrets() {
        Map<String, byte[]> secrets = new LinkedHashMap<>();
        for (Signing key : List.of(RSA, EC)) {
            PublicKey open = key.pair().getPublic();
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(open.getEncoded());
            String pem = "-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----";
            secrets.put("the PEM of " + key.kid(), pem.getBytes(StandardCharsets.US_ASCII));
            secrets.put("the PEM and a newline of " + key.kid(), (pem + "\n").getBytes(StandardCharsets.US_ASCII));
            secrets.put("the DER of " + key.kid(), open.getEncoded());
            secrets.put("the JWK of " + key.kid(), key.jwk().getBytes(StandardCharsets.US_ASCII));
        }
        secrets.put(
                "the modulus",
                ((RSAPublicKey) RSA.pair().getPublic()).getModulus().toByteArray());
        secrets.put("nothing", new byte[1]);
        secrets.put("the symmetric key of the set", SHARED);
        return secrets;
    }

    private static String mac(String text, byte[] secret) {
        try {
            Key key = new SecretKeySpec(secret, "HmacSHA256");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return encoded(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Forgery> ofHeaders(ClaimsText claims, String url) {
        List<Forgery> found = new ArrayList<>();
        String good = claims.toString();
        // The attacker's word for which key is the right one.
        for (String kid : List.of("rsa", "attacker", "", "../../tmp/jwks", "file:///dev/null", url)) {
            for (String lead : List.of(
                    "\"jwk\":" + ATTACKER.jwk(),
                    "\"jwk\":" + ATTACKER.called("rsa").jwk(),
                    "\"jku\":\"" + url + "\"",
                    "\"x5u\":\"" + url + "\"",
                    "\"x5c\":[\""
                            + Base64.getEncoder()
                                    .encodeToString(ATTACKER.pair().getPublic().getEncoded()) + "\"]",
                    "\"iss\":\"" + url + "\"",
                    "\"x5t\":\"AAAA\"")) {
                String header = "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"," + lead + "}";
                found.add(new Forgery(header, ATTACKER.sign(header, good)));
            }
        }
        found.add(new Forgery("no kid, and two keys that could be", TWICE.sign("{\"alg\":\"EdDSA\"}", good)));
        found.add(new Forgery("no kid, by nobody", ATTACKER.sign("{\"alg\":\"RS256\"}", good)));
        for (String kid : List.of(
                "\"RSA\"",
                "\"rsa \"",
                "\"rsa\\u0000\"",
                "\"../rsa\"",
                "\"/etc/passwd\"",
                "\"' OR '1'='1\"",
                "\"rsa'; drop table keys --\"",
                "\"*\"",
                "\"\"",
                "\"ec\"",
                "\"for-pss\"",
                "1",
                "null",
                "[\"rsa\"]",
                "{}",
                "\"" + "k".repeat(5_000) + "\"")) {
            found.add(new Forgery("kid " + kid, RSA.sign("{\"alg\":\"RS256\",\"kid\":" + kid + "}", good)));
        }
        // Signed by the right key, and still not to be taken.
        for (String more : List.of(
                "\"crit\":[\"exp\"],\"exp\":1",
                "\"crit\":[\"b64\"],\"b64\":true",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"crit\":[]",
                "\"crit\":null",
                "\"b64\":false",
                "\"zip\":\"DEF\"",
                "\"cty\":\"JWT\"",
                "\"enc\":\"A128GCM\"",
                "\"typ\":\"logout+jwt\"",
                "\"typ\":\"dpop+jwt\"",
                "\"typ\":\"\"",
                "\"typ\":1",
                "\"alg\":\"none\"",
                "\"alg\":\"RS256\"",
                "\"\\u0061lg\":\"RS256\"",
                "\"kid\":\"rsa\"",
                "\"a\":1,\"a\":2")) {
            String header = "{\"alg\":\"RS256\",\"kid\":\"rsa\"," + more + "}";
            found.add(new Forgery(header, RSA.sign(header, good)));
        }
        String header = header("RS256", "rsa");
        for (String broken : List.of(
                "",
                "{}",
                "[]",
                "null",
                "\"" + header + "\"",
                "[" + header + "]",
                header + "x",
                header + header,
                "\uFEFF" + header,
                header.replace(",", ",,"),
                header.substring(1),
                "{" + header,
                header.replace('"', '\''),
                "{\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + "," + header.substring(1),
                "{\"x\":NaN," + header.substring(1))) {
            found.add(new Forgery("header " + broken, RSA.sign(broken, good)));
        }
        return found;
    }

    static List<Forgery> ofForm(ClaimsText claims) {
        List<Forgery> found = new ArrayList<>();
        for (Signing key : List.of(RSA, EC, ED)) {
            String token = key.sign(claims.toString());
            String[] parts = token.split("\\.", -1);
            String other = key.sign(claims.with("sub", "\"bob\"").toString());
            String[] others = other.split("\\.", -1);
            String twoSegments = parts[0] + "." + parts[1];
            List<String> forms = new ArrayList<>(List.of(
                    "",
                    ".",
                    "..",
                    "...",
                    parts[0],
                    twoSegments,
                    twoSegments + ".",
                    "." + parts[1] + "." + parts[2],
                    parts[0] + ".." + parts[2],
                    token + ".",
                    "." + token,
                    token + "." + parts[2],
                    token + ".." + parts[2],
                    parts[0] + ".a.b." + parts[1] + "." + parts[2],
                    " " + token,
                    token + " ",
                    token + "\n",
                    token + "\u0000",
                    token.replace(".", " ."),
                    token.replace(".", "\n."),
                    token + "=",
                    token + "==",
                    parts[0] + "=." + parts[1] + "." + parts[2],
                    parts[0] + "." + parts[1] + "==." + parts[2],
                    token + "%",
                    token + "\u00e9",
                    token.replace('.', ','),
                    token + token,
                    token + "," + token,
                    token.substring(0, token.length() - 4),
                    twoSegments + "." + others[2],
                    parts[0] + "." + others[1] + "." + parts[2],
                    twoSegments + "." + parts[2] + parts[2],
                    encoded(token),
                    key.sign(header(key.alg(), key.kid()), token),
                    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA." + parts[1] + "." + parts[2],
                    "{\"payload\":\"" + parts[1] + "\",\"protected\":\"" + parts[0] + "\",\"signature\":\"" + parts[2]
                            + "\"}",
                    "x".repeat(10_000),
                    "a.".repeat(4_000) + "a",
                    token + "A".repeat(10_000)));
            for (int length : List.of(1, 32, 63, 64, 65, 70, 72, 128, 256)) {
                forms.add(twoSegments + "." + encoded(new byte[length]));
                byte[] ones = new byte[length];
                java.util.Arrays.fill(ones, (byte) 0xff);
                forms.add(twoSegments + "." + encoded(ones));
            }
            forms.forEach(form -> found.add(new Forgery("a form of " + key.kid(), form)));
        }
        return found;
    }
}
