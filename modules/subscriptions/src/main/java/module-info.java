import org.jspecify.annotations.NullMarked;

/// Subscriptions: durable cursors over streams that wake workers when something is pending.
///
/// A worker is woken by a signed webhook, or by an event in a stream that it reads. Either way it holds a lease of one
/// generation while it works, says how far it came, and is fenced off once the lease is over. What a subscription knows
/// is kept in documents beside the streams, and written down before anything is done about it, so that a restart goes
/// on where it stopped.
///
/// This module will never know a database, nor serve HTTP: it calls webhooks, and whoever has routes calls
/// [io.perennial.subscriptions.Subscriptions].
@NullMarked
module io.perennial.subscriptions {
    requires transitive io.perennial.eventstore;
    requires io.helidon.http;
    requires io.helidon.webclient.api;
    requires io.helidon.webclient.http1;
    requires io.perennial.bus;
    requires jakarta.json;
    requires static org.jspecify;

    exports io.perennial.subscriptions;
}
