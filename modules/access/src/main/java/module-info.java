import org.jspecify.annotations.NullMarked;

/// Who may do what: callers, what they are allowed, and the tokens and JWTs by which they are known.
///
/// This module will never know HTTP as a server does: a secret comes in as text, and a caller goes out. It asks for
/// one thing itself, the public keys of whoever issues JWTs.
@NullMarked
module io.perennial.access {
    requires transitive io.perennial.eventstore;
    requires jakarta.json;
    requires java.naming;
    requires org.jose4j;
    requires static org.jspecify;

    exports io.perennial.access;
}
