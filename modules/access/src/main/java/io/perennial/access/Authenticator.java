package io.perennial.access;

import java.util.Optional;

/// Tells who has a secret. Safe for use by many threads, and quick: it is asked with every request.
@FunctionalInterface
public interface Authenticator {
    /// Tells who it is, of whom nothing has ended; nothing where nobody has it.
    ///
    /// @param bearer what the client sent as its bearer token (RFC 6750), whatever that is
    Optional<Caller> authenticate(String bearer);

    /// Looks whether something has changed meanwhile, such as a file. Called about twice a second, by one thread.
    default void refresh() {}
}
