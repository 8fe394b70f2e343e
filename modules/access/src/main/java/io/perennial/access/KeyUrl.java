package io.perennial.access;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Keys at a URL: asked for every so often, and sooner when a token names one that isn't there.
///
/// While they can't be had, the last ones stay good for a time, and then nobody is let in: a key that was taken back
/// can't be told from one that wasn't. Time is the clock's, and one that was put back counts as time that has passed.
final class KeyUrl implements KeySource {
    private static final Logger LOG = System.getLogger(KeyUrl.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final JwtConfig config;
    private final KeyRequest request;
    private final InstantSource clock;
    private final Keyring ring = new Keyring();
    private CompletableFuture<Void> asking = CompletableFuture.completedFuture(null);
    private Optional<Instant> asked = Optional.empty();
    private boolean isFailing;
    private volatile Optional<Instant> answered = Optional.empty();

    private KeyUrl(JwtConfig config, KeyRequest request, InstantSource clock) {
        this.config = config;
        this.request = request;
        this.clock = clock;
    }

    /// Asks at once, and doesn't wait.
    static KeyUrl open(JwtConfig config, KeyRequest request, InstantSource clock) {
        KeyUrl keys = new KeyUrl(config, request, clock);
        keys.refresh();
        return keys;
    }

    // Looked at here as well: whoever calls refresh may be late.
    @Override
    public KeySet keys() {
        return isStale() ? KeySet.NONE : ring.keys();
    }

    @Override
    public synchronized void refresh() {
        if (isStale() && !ring.keys().isEmpty()) {
            LOG.log(Level.ERROR, "jwt.keys-stale url=" + config.keys() + " reason=nobody is let in by them any more");
            ring.replace(KeySet.NONE);
        }
        askAfter(isFailing ? soon() : config.keysRefresh());
    }

    @Override
    public void lookAgain() {
        askAfter(soon());
        try {
            asking().get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            // There are no others then.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStale() {
        return isPast(answered, config.keysStale());
    }

    // Not more often, however many tokens name keys that there aren't.
    private Duration soon() {
        return config.keysRefresh().compareTo(RETRY) < 0 ? config.keysRefresh() : RETRY;
    }

    private boolean isPast(Optional<Instant> moment, Duration time) {
        Instant now = clock.instant();
        return moment.filter(then -> Duration.between(then, now).abs().compareTo(time) >= 0)
                .isPresent();
    }

    private synchronized void askAfter(Duration time) {
        if (asking.isDone() && (asked.isEmpty() || isPast(asked, time))) {
            Instant now = clock.instant();
            asked = Optional.of(now);
            asking = request.send()
                    .thenApply(KeySet::parse)
                    .thenAccept(keys -> arrived(keys, now))
                    .exceptionally(this::failed);
        }
    }

    private synchronized CompletableFuture<Void> asking() {
        return asking;
    }

    private synchronized void arrived(KeySet keys, Instant when) {
        if (isFailing || answered.isEmpty()) {
            LOG.log(Level.INFO, "jwt.keys-there url=" + config.keys());
        }
        isFailing = false;
        // When they were asked for: what changed since isn't in them.
        answered = Optional.of(when);
        ring.replace(keys);
    }

    private synchronized Void failed(Throwable failure) {
        Throwable reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!isFailing) {
            LOG.log(Level.WARNING, "jwt.keys-missing url=" + config.keys() + " reason=" + reason);
        }
        isFailing = true;
        return null;
    }
}
