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
import java.util.function.Predicate;

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

    /// Who asks, where nobody has to say who they are.
    static final String EVERYBODY = "";

    private final Means means;
    private final Directory directory;
    private final Timer timer = new Timer();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("subscriptions-", 1).factory());
    private final SlowResolver resolver = new SlowResolver(LOOK_UP);
    private volatile URI url = URI.create("http://localhost");

    /// Looks at a subscription before something is done with it, while nobody else changes it.
    @FunctionalInterface
    public interface Check {
        /// Anybody may do anything.
        Check NONE = _ -> {};

        /// Returns where it may be done, and throws whatever it likes where it may not: nothing is done then.
        void pass(SubscriptionView subscription);
    }

    private Subscriptions(
            SubscriptionsConfig config,
            EventStore store,
            Bus<Commit> bus,
            InstantSource clock,
            Predicate<String> isThere) {
        Secrets secrets = new Secrets(store, clock);
        Destinations destinations = new Destinations(config.localWebhooks(), resolver);
        this.means = new Means(
                config,
                store,
                new Shelf(store),
                secrets,
                new Tokens(secrets::token, isThere),
                new Courier(config.deliveries(), destinations),
                executor,
                timer,
                clock,
                new SecureRandom(),
                Means.randomWakeIds(),
                () -> url,
                isThere,
                LOG);
        this.directory = new Directory(means, destinations, bus);
    }

    /// Brings back the subscriptions of a store, and wakes nobody before [#start].
    ///
    /// @param bus where the store's commits are announced; both stay the caller's, who closes them later
    public static Subscriptions open(
            SubscriptionsConfig config, EventStore store, Bus<Commit> bus, InstantSource clock) {
        return open(config, store, bus, clock, _ -> true);
    }

    /// The same, where whoever asks for a subscription may be gone one day: once all of them are, it wakes nobody until
    /// somebody asks for it again.
    ///
    /// @param isThere whether somebody is, as [#put] or [#claim] was told of them, and quickly
    public static Subscriptions open(
            SubscriptionsConfig config,
            EventStore store,
            Bus<Commit> bus,
            InstantSource clock,
            Predicate<String> isThere) {
        Subscriptions subscriptions = new Subscriptions(config, store, bus, clock, isThere);
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
        return put(id, spec, EVERYBODY, Check.NONE);
    }

    /// The same for somebody.
    ///
    /// @param owner who asks for it
    /// @param check of one that is there
    public PutOutcome put(SubscriptionId id, SubscriptionSpec spec, String owner, Check check) {
        return directory.put(id, spec, owner, check);
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
        delete(id, Check.NONE);
    }

    /// The same, of one that passes.
    public void delete(SubscriptionId id, Check check) {
        directory.delete(id, check);
    }

    /// Links streams, at their tails; those that are linked explicitly already stay as they are.
    public LinkOutcome link(SubscriptionId id, List<StreamKey> streams) {
        return link(id, streams, Check.NONE);
    }

    /// The same, of one that passes.
    public LinkOutcome link(SubscriptionId id, List<StreamKey> streams, Check check) {
        return directory
                .find(id)
                .map(cell -> Linking.link(means, cell, streams, check))
                .orElse(new LinkOutcome.Unknown());
    }

    /// Takes back that a stream was named; where the pattern matches, the link stays.
    public LinkOutcome unlink(SubscriptionId id, StreamKey stream) {
        return unlink(id, stream, Check.NONE);
    }

    /// The same, of one that passes.
    public LinkOutcome unlink(SubscriptionId id, StreamKey stream, Check check) {
        return directory
                .find(id)
                .flatMap(cell -> cell.<LinkOutcome>change(draft -> {
                    cell.require(check);
                    draft.unlink(stream);
                    return new LinkOutcome.Linked();
                }))
                .orElse(new LinkOutcome.Unknown());
    }

    /// Gives the lease of a pull-wake subscription to a worker.
    ///
    /// @param worker for people, and for those who come too late
    public ClaimOutcome claim(SubscriptionId id, String worker) {
        return claim(id, worker, EVERYBODY, Check.NONE);
    }

    /// The same for somebody, of one that passes.
    ///
    /// @param claimer whose worker it is: what it reports counts as long as they are there
    public ClaimOutcome claim(SubscriptionId id, String worker, String claimer, Check check) {
        directory.catchUp();
        return directory
                .find(id)
                .flatMap(cell -> Reporting.claim(means, cell, worker, claimer, check))
                .orElse(new ClaimOutcome.Refused(new Refusal.Unknown()));
    }

    /// Takes the report of a webhook, as long as somebody who asked for it is there.
    public ReportOutcome callback(SubscriptionId id, String token, Ack ack) {
        return report(id, Channel.Webhook.class, token, ack);
    }

    /// Takes the report of a worker that has claimed the lease, as long as whoever claimed is there.
    public ReportOutcome ack(SubscriptionId id, String token, Ack ack) {
        return report(id, Channel.PullWake.class, token, ack);
    }

    /// Takes the lease back from a worker that has claimed it.
    public ReportOutcome release(SubscriptionId id, String token, WakeRef wake) {
        return ack(id, token, new Ack(wake, Map.of(), Ack.Then.FINISH));
    }

    /// Whether a token came with a wake of a subscription of that id, whatever has become of either, and
    /// whoever claimed it is there.
    public boolean hasIssued(SubscriptionId id, String token) {
        return !(means.tokens().verify(id, token, means.clock().instant()) instanceof Tokens.Invalid);
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
