package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecretsTest {
    @TempDir
    Path directory;

    private ServerOnDisk server;

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Secrets secrets() {
        return new Secrets(server.store(), server.clock());
    }

    @Test
    void there_is_one_key_and_it_is_the_same_after_every_restart() {
        List<WebhookKey> keys = server.subscriptions().keys();
        assertEquals(1, keys.size());
        for (int i = 0; i < 3; i++) {
            server.restart();
            assertEquals(keys, server.subscriptions().keys());
        }
    }

    @Test
    void a_key_is_named_after_its_thumbprint() throws Exception {
        WebhookKey key = server.subscriptions().keys().getFirst();
        // RFC 7638 and RFC 8037, appendix A.3.
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + key.x() + "\"}")
                        .getBytes(StandardCharsets.US_ASCII));
        assertEquals("ds_" + Base64.getUrlEncoder().withoutPadding().encodeToString(digest), key.kid());
        assertEquals(32, Base64.getUrlDecoder().decode(key.x()).length);
    }

    @Test
    void a_signature_is_one_of_the_time_and_the_body_under_the_shown_key() throws Exception {
        byte[] body = "{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8);
        SigningKey key = SigningKey.generate(ServerOnDisk.BEGINNING);
        String header = key.sign(ServerOnDisk.BEGINNING, body);

        assertTrue(Signatures.verifies(header, body, List.of(key.shown()), ServerOnDisk.BEGINNING), header);
        body[0]++;
        assertFalse(Signatures.verifies(header, body, List.of(key.shown()), ServerOnDisk.BEGINNING));
    }

    @Test
    void a_key_that_was_kept_signs_as_before() throws Exception {
        SigningKey key = SigningKey.generate(ServerOnDisk.BEGINNING);
        SigningKey kept = SigningKey.parse(key.document());
        byte[] body = {1, 2, 3};

        assertEquals(key.shown(), kept.shown());
        assertEquals(key.created(), kept.created());
        String header = kept.sign(ServerOnDisk.BEGINNING, body);
        assertTrue(Signatures.verifies(header, body, List.of(key.shown()), ServerOnDisk.BEGINNING));
    }

    @Test
    void the_secret_of_tokens_is_made_once_and_kept() {
        byte[] secret = secrets().token();
        assertEquals(32, secret.length);
        server.restart();
        assertArrayEquals(secret, secrets().token());
    }

    @Test
    void many_that_need_it_first_at_once_get_the_same() throws Exception {
        Secrets secrets = secrets();
        List<Future<String>> asked = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            asked.add(Eventually.start(
                    () -> secrets.current().shown().kid() + Base64.getEncoder().encodeToString(secrets.token())));
        }
        Set<String> got = new HashSet<>();
        for (Future<String> one : asked) {
            got.add(Eventually.result(one));
        }
        assertEquals(1, got.size());
    }

    @Test
    void what_could_not_be_kept_is_not_used() {
        Secrets secrets = secrets();
        server.store().breakEdits();
        assertThrows(StorageException.class, secrets::current);
        assertThrows(StorageException.class, secrets::token);
        server.store().mend();

        WebhookKey key = secrets.current().shown();
        assertEquals(key, secrets().current().shown());
        assertArrayEquals(secrets.token(), secrets().token());
    }
}
