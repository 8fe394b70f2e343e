import org.jspecify.annotations.NullMarked;

/// Who may do what: callers, what they are allowed, and the tokens by which they are known.
///
/// This module will never know HTTP: a secret comes in as text, and a caller goes out.
@NullMarked
module io.perennial.access {
    requires transitive io.perennial.eventstore;
    requires jakarta.json;
    requires static org.jspecify;

    exports io.perennial.access;
}
