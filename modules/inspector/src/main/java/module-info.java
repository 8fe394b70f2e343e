import org.jspecify.annotations.NullMarked;

/// The page at `/` that shows a server's streams, servers and figures to a person: files that are served as they lie
/// here, built by nothing, and asking nobody but the server that they came from.
///
/// This module will never know what is in a stream: the page asks for it over the same HTTP as everyone else.
@NullMarked
module io.perennial.inspector {
    requires transitive io.helidon.webserver;
    requires io.helidon.http;
    requires static org.jspecify;

    exports io.perennial.inspector;
}
