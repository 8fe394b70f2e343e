package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StoreConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
    private StoreConfig config;
    private EventStore store;

    @BeforeEach
    void open(@TempDir Path directory) {
        config = StoreConfig.of(directory);
        store = EventStore.open(config, CLOCK, bus);
    }

    @AfterEach
    void close() {
        store.close();
        bus.close();
    }

    @Test
    void keys_are_the_same_after_a_restart() {
        Secrets before = new Secrets(store, CLOCK);
        WebhookKey key = before.current().shown();
        byte[] secret = before.token();
        store.close();

        store = EventStore.open(config, CLOCK, bus);
        Secrets after = new Secrets(store, CLOCK);
        assertEquals(key, after.current().shown());
        assertEquals(List.of(key), after.all().stream().map(SigningKey::shown).toList());
        assertArrayEquals(secret, after.token());
    }

    @Test
    void the_secret_of_tokens_is_long_and_no_constant() {
        byte[] secret = new Secrets(store, CLOCK).token();
        assertEquals(32, secret.length);
        assertFalse(Arrays.equals(new byte[32], secret));
    }

    @Test
    void many_at_once_get_one_key_and_one_secret() {
        Secrets secrets = new Secrets(store, CLOCK);
        Set<WebhookKey> keys = ConcurrentHashMap.newKeySet();
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 64).parallel().forEach(_ -> {
            keys.add(secrets.current().shown());
            tokens.add(Arrays.toString(secrets.token()));
        });
        assertEquals(1, keys.size());
        assertEquals(1, tokens.size());
        assertEquals(1, new Secrets(store, CLOCK).all().size());
    }
}
