import org.jspecify.annotations.NullMarked;

/// Streams of events under monotonic offsets: append, read, follow.
///
/// What [io.perennial.eventstore.EventStore] acknowledges is on disk, what it reads is committed, and whoever follows a
/// stream gets every event once and in order. Commits are announced on a bus, so that followers need not ask again.
///
/// This module will never know HTTP or JSON: an event is bytes, and its offset is the only thing the store adds.
@NullMarked
module io.perennial.eventstore {
    requires transitive io.perennial.bus;
    requires com.github.f4b6a3.ulid;
    requires io.helidon.dbclient;
    requires io.helidon.dbclient.jdbc;
    requires java.sql;
    requires org.xerial.sqlitejdbc;
    requires static org.jspecify;

    exports io.perennial.eventstore;
}
