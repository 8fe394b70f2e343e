package io.perennial.subscriptions;

import io.perennial.eventstore.Document;
import io.perennial.eventstore.EventStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The keys of this server, kept in the store: made when they are first needed, and the same after every restart.
/// Thread-safe.
final class Secrets {
    private static final String WEBHOOK_KEYS = "webhook-key";
    private static final String TOKEN_SECRETS = "subscription-token-secret";
    private static final String ONLY = "1";
    private static final int SECRET_BYTES = 32;
    private static final int MOST_KEYS = 100;

    private final EventStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private volatile List<SigningKey> signing;
    private volatile Optional<byte[]> token;

    Secrets(EventStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.signing = store.documents(WEBHOOK_KEYS, "", MOST_KEYS).stream()
                .map(document -> SigningKey.parse(document.data()))
                .sorted(Comparator.comparing(SigningKey::created))
                .toList();
        this.token = store.documents(TOKEN_SECRETS, "", 1).stream().findFirst().map(Document::data);
    }

    /// All of them, the oldest first.
    List<SigningKey> all() {
        if (signing.isEmpty()) {
            makeSigningKey();
        }
        return signing;
    }

    /// The one that signs.
    SigningKey current() {
        return all().getLast();
    }

    /// What tokens are signed with.
    byte[] token() {
        return token.orElseGet(this::makeTokenSecret);
    }

    private synchronized void makeSigningKey() {
        if (signing.isEmpty()) {
            SigningKey key = SigningKey.generate(clock.instant());
            keep(WEBHOOK_KEYS, key.shown().kid(), key.document());
            List<SigningKey> keys = new ArrayList<>(signing);
            keys.add(key);
            signing = List.copyOf(keys);
        }
    }

    private synchronized byte[] makeTokenSecret() {
        if (token.isPresent()) {
            return token.get();
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        keep(TOKEN_SECRETS, ONLY, secret);
        token = Optional.of(secret);
        return secret;
    }

    private void keep(String collection, String key, byte[] data) {
        store.edit(List.of(new Document.Edit.Put(new Document(collection, key, data))));
    }
}
