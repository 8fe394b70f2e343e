package io.perennial.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamGlob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Links that were made here, and those that were not.
class LinksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Link LINK = new Link(
            new StreamGlob("sessions/*"),
            NOW.plusSeconds(10),
            Optional.of("https://app.example"),
            "token:abc",
            "maker");

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);

    @TempDir
    private Path directory;

    private Path key;
    private Links links;

    @BeforeEach
    void open() {
        key = directory.resolve("new/link.key");
        links = Links.open(key, time::get);
    }

    @Test
    void what_was_signed_is_read_as_it_was_until_it_expires_and_over_a_restart() throws IOException {
        assertFalse(Files.exists(key), "there is a key before it is needed");
        String text = links.make(LINK);
        assertEquals(Optional.of(LINK), links.verify(text));
        assertEquals(Optional.of(LINK), Links.open(key, time::get).verify(text));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        time.set(NOW.plusMillis(9_999));
        assertEquals(Optional.of(LINK), links.verify(text));
        time.set(NOW.plusSeconds(10));
        assertEquals(Optional.empty(), links.verify(text));
        Link everybodys = new Link(new StreamGlob("**"), NOW.plusSeconds(60), Optional.empty(), "m", "n");
        assertEquals(Optional.of(everybodys), links.verify(links.make(everybodys)));
    }

    @Test
    void no_other_text_is_a_link() {
        String text = links.make(LINK);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i) == 'A' ? 'B' : 'A';
            String forged = text.substring(0, i) + c + text.substring(i + 1);
            assertEquals(Optional.empty(), links.verify(forged), forged);
            assertEquals(Optional.empty(), links.verify(text.substring(0, i)));
        }
        String payload = text.substring(0, text.indexOf('.'));
        String signature = text.substring(text.indexOf('.') + 1);
        String wider = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8)
                        .replace("sessions/*", "**")
                        .getBytes(StandardCharsets.UTF_8));
        for (String forged : List.of(
                "",
                ".",
                payload,
                payload + ".",
                "." + signature,
                signature + "." + payload,
                payload + "." + payload,
                text + ".",
                text + "=",
                text + " ",
                text + "\n",
                "." + text,
                payload + "=." + signature,
                payload + ".." + signature,
                payload + "." + signature + "." + signature,
                wider + "." + signature,
                text.replace('-', '+').replace('_', '/') + "+",
                "x".repeat(100_000) + "." + signature)) {
            assertEquals(Optional.empty(), links.verify(forged), forged);
        }
        Links others = Links.open(directory.resolve("other.key"), time::get);
        assertEquals(Optional.empty(), others.verify(text), "without a key");
        others.make(LINK);
        assertEquals(Optional.empty(), others.verify(text), "with another key");
        assertEquals(Optional.of(LINK), links.verify(text));
    }

    @Test
    void a_key_that_is_short_or_there_for_others_is_refused() throws IOException {
        Path weak = directory.resolve("weak.key");
        for (String content :
                List.of("", "c2hvcnQ=", "not base64!", Base64.getEncoder().encodeToString(new byte[31]))) {
            Files.writeString(weak, content);
            Files.setPosixFilePermissions(weak, PosixFilePermissions.fromString("rw-------"));
            var refused = assertThrows(AccessException.class, () -> Links.open(weak, time::get));
            assertTrue(String.valueOf(refused.getMessage()).contains("32 bytes"), refused.getMessage());
        }
        links.make(LINK);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThrows(AccessException.class, () -> Links.open(key, time::get));
    }
}
