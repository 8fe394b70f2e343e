package io.perennial.access;

import io.perennial.eventstore.StreamGlob;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes links and tells those that were made here from others: `<what it allows>.<HMAC-SHA256 of that>`, both
/// base64url. Safe for use by many threads.
///
/// A new key ends every link at once.
public final class Links {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST = 8_192;
    private static final Set<StandardOpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final Path file;
    private final InstantSource clock;
    private volatile Optional<SecretKeySpec> key;

    private Links(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.key = Files.exists(file) ? Optional.of(read()) : Optional.empty();
    }

    /// With the key in a file: 32 bytes or more in base64. Where there is none, the first link makes one.
    ///
    /// @throws AccessException where it can't be read, is too short, or others can read it
    public static Links open(Path file, InstantSource clock) {
        return new Links(file, clock);
    }

    private SecretKeySpec read() {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(PrivateFile.read(file).strip());
            if (bytes.length >= KEY_BYTES) {
                return new SecretKeySpec(bytes, ALGORITHM);
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new AccessException(file + " isn't a key of links, which is " + KEY_BYTES + " bytes or more in base64");
    }

    private synchronized SecretKeySpec made() {
        if (key.isEmpty()) {
            try {
                make(file);
            } catch (IOException e) {
                throw new AccessException("the key of links can't be made at " + file + ": " + e, e);
            }
            key = Optional.of(read());
        }
        return key.get();
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
        try (var out = Files.newByteChannel(file, NEW, OWNER_ONLY)) {
            out.write(ByteBuffer.wrap(
                    (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII)));
        } catch (FileAlreadyExistsException _) {
            // Somebody else was faster, and theirs is as good.
        }
    }

    /// Signs one.
    ///
    /// @throws AccessException where there is no key, and none can be made
    public String make(Link link) {
        SecretKeySpec with = made();
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("paths", link.paths().text())
                .add("expires", link.expires().toString())
                .add("maker", link.maker())
                .add("name", link.name());
        link.origin().ifPresent(origin -> json.add("origin", origin));
        byte[] allowed = json.build().toString().getBytes(StandardCharsets.UTF_8);
        return ENCODER.encodeToString(allowed) + "." + ENCODER.encodeToString(sign(allowed, with));
    }

    /// What it allows, where it was made here and hasn't expired. Whose pages may use it, and whether its maker is
    /// still there, is for the caller to look at.
    public Optional<Link> verify(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        List<String> parts = Arrays.asList(text.split("\\.", -1));
        Optional<SecretKeySpec> with = key;
        if (parts.size() != 2 || with.isEmpty()) {
            return Optional.empty();
        }
        return decoded(parts.getFirst())
                .filter(allowed -> decoded(parts.getLast())
                        .filter(signature -> MessageDigest.isEqual(signature, sign(allowed, with.get())))
                        .isPresent())
                .map(Links::link)
                .filter(link -> clock.instant().isBefore(link.expires()));
    }

    // In its one spelling.
    private static Optional<byte[]> decoded(String part) {
        try {
            byte[] bytes = DECODER.decode(part);
            return Optional.of(bytes).filter(_ -> ENCODER.encodeToString(bytes).equals(part));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Link link(byte[] allowed) {
        try (JsonReader reader = Json.createReader(new StringReader(new String(allowed, StandardCharsets.UTF_8)))) {
            JsonObject json = reader.readObject();
            return new Link(
                    new StreamGlob(json.getString("paths")),
                    Instant.parse(json.getString("expires")),
                    Optional.ofNullable(json.getString("origin", null)),
                    json.getString("maker"),
                    json.getString("name"));
        } catch (JsonException | DateTimeException | NullPointerException e) {
            throw new IllegalStateException("a link that was signed here reads otherwise", e);
        }
    }

    private static byte[] sign(byte[] text, SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
