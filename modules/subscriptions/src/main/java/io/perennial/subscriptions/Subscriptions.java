package io.perennial.subscriptions;

import io.perennial.bus.Bus;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StreamKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// All subscriptions of a server (protocol, sections 6 and 7).
///
/// A subscription is linked to streams, and remembers for each how far its workers are done. When something is pending
/// and nobody is at it, it makes a wake of the next generation and tells a worker: by calling a webhook, or by an event
/// in a stream whose readers then claim it. Who has the wake holds a lease, reports, and is fenced off when it is over.
///
/// Safe for use by many threads. What a method answers is on disk. Every method may block, and throws a
/// [StorageException] where the disk fails: [StorageException.OutcomeUnknown] where it may have been done all the same.
public final class Subscriptions implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Subscriptions.class.getName());
    private static final Duration LOOK_UP = Duration.ofSeconds(5);
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final Means means;
    private final Directory directory;
    private final Timer timer = new Timer();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("subscriptions-", 1).factory());
    private final SlowResolver resolver = new SlowResolver(LOOK_UP);
    private volatile URI url = URI.create("http://localhost");

    private Subscriptions(SubscriptionsConfig config, EventStore store, Bus<Commit> bus, InstantSource clock) {
        Secrets secrets = new Secrets(store, clock);
        Destinations destinations = new Destinations(config.localWebhooks(), resolver);
        this.means = new Means(
                config,
                store,
                new Shelf(store),
                secrets,
                new Tokens(secrets::token),
                new Courier(config.deliveries(), destinations),
                executor,
                timer,
                clock,
                new SecureRandom(),
                Means.randomWakeIds(),
                () -> url,
                LOG);
        this.directory = new Directory(means, destinations, bus);
    }

    /// Brings back the subscriptions of a store, and wakes nobody before [#start].
    ///
    /// @param bus where the store's commits are announced; both stay the caller's, who closes them later
    public static Subscriptions open(
            SubscriptionsConfig config, EventStore store, Bus<Commit> bus, InstantSource clock) {
        Subscriptions subscriptions = new Subscriptions(config, store, bus, clock);
        subscriptions.directory.open();
        return subscriptions;
    }

    /// Wakes workers, from now on.
    ///
    /// @param server where this server is reached by them, without a slash at the end: callbacks come there
    public void start(URI server) {
        url = server;
        directory.start();
    }

    /// Where this server is reached by workers, without a slash at the end.
    public URI url() {
        return url;
    }

    /// Makes sure that a subscription exists. Streams that match already are linked at their tails.
    public PutOutcome put(SubscriptionId id, SubscriptionSpec spec) {
        return directory.put(id, spec);
    }

    /// Looks at a subscription.
    public GetOutcome get(SubscriptionId id) {
        directory.catchUp();
        return directory
                .find(id)
                .flatMap(Cell::view)
                .<GetOutcome>map(GetOutcome.Found::new)
                .orElse(new GetOutcome.Unknown());
    }

    /// Removes a subscription, where there is one. Whoever works for it is told so at its next report.
    public void delete(SubscriptionId id) {
        directory.delete(id);
    }

    /// Links streams, at their tails; those that are linked explicitly already stay as they are.
    public LinkOutcome link(SubscriptionId id, List<StreamKey> streams) {
        return directory
                .find(id)
                .map(cell -> Linking.link(means, cell, streams))
                .orElse(new LinkOutcome.Unknown());
    }

    /// Takes back that a stream was named; where the pattern matches, the link stays.
    public LinkOutcome unlink(SubscriptionId id, StreamKey stream) {
        return directory
                .find(id)
                .flatMap(cell -> cell.<LinkOutcome>change(draft -> {
                    draft.unlink(stream);
                    return new LinkOutcome.Linked();
                }))
                .orElse(new LinkOutcome.Unknown());
    }

    /// Gives the lease of a pull-wake subscription to a worker.
    ///
    /// @param worker for people, and for those who come too late
    public ClaimOutcome claim(SubscriptionId id, String worker) {
        directory.catchUp();
        return directory
                .find(id)
                .flatMap(cell -> Reporting.claim(means, cell, worker))
                .orElse(new ClaimOutcome.Refused(new Refusal.Unknown()));
    }

    /// Takes the report of a webhook.
    public ReportOutcome callback(SubscriptionId id, String token, Ack ack) {
        return report(id, Channel.Webhook.class, token, ack);
    }

    /// Takes the report of a worker that has claimed the lease.
    public ReportOutcome ack(SubscriptionId id, String token, Ack ack) {
        return report(id, Channel.PullWake.class, token, ack);
    }

    /// Takes the lease back from a worker that has claimed it.
    public ReportOutcome release(SubscriptionId id, String token, WakeRef wake) {
        return ack(id, token, new Ack(wake, Map.of(), Ack.Then.FINISH));
    }

    private ReportOutcome report(SubscriptionId id, Class<? extends Channel> channel, String token, Ack ack) {
        directory.catchUp();
        return directory
                .find(id)
                .flatMap(cell -> Reporting.report(means, cell, channel, token, ack))
                .orElse(new ReportOutcome.Refused(new Refusal.Unknown()));
    }

    /// The public keys of everything that was signed and may still be on its way, the one that signs now last.
    public List<WebhookKey> keys() {
        return means.secrets().all().stream().map(SigningKey::shown).toList();
    }

    /// Wakes nobody any more. What is on disk stays, and goes on with the next [#open].
    @Override
    public void close() {
        directory.close();
        timer.close();
        // Whoever calls a webhook is interrupted, and what became of it is for the next start to find out.
        executor.shutdownNow();
        awaitCalls();
        resolver.close();
    }

    /// Nobody uses the store any more once this is closed.
    private void awaitCalls() {
        try {
            if (!executor.awaitTermination(STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "subscriptions.still-calling after=" + STOPPING);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
