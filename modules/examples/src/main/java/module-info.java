import org.jspecify.annotations.NullMarked;

/// Programs of somebody else: what they require is all that it takes.
@NullMarked
module io.perennial.examples {
    requires io.helidon.webserver;
    requires io.perennial.http;
    requires static org.jspecify;
}
