import org.jspecify.annotations.NullMarked;

/// The routing tree and the wire formats: what a request means, and how an answer looks.
///
/// One class for each operation; requests are parsed once into the store's records, and outcomes become status codes
/// in one place.
///
/// This module will never know where events are kept: it sees [io.perennial.eventstore.EventStore] and no database. It
/// starts no server either: whoever has a Helidon routing can add [io.perennial.http.PerennialRouting] to it.
@NullMarked
module io.perennial.http {
    requires transitive io.helidon.webserver;
    requires transitive io.perennial.access;
    requires transitive io.perennial.bus;
    requires transitive io.perennial.eventstore;
    requires transitive io.perennial.registry;
    requires transitive io.perennial.subscriptions;
    requires io.helidon.common.uri;
    requires io.helidon.common.concurrency.limits;
    requires io.helidon.common.socket;
    requires io.helidon.common.task;
    requires io.helidon.http;
    requires io.helidon.http.http2;
    requires io.helidon.webserver.http2;
    requires jakarta.json;
    requires static org.jspecify;

    exports io.perennial.http;
}
