package io.perennial.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Tells who has a secret. Safe for use by many threads, and quick: it is asked with every request.
public interface Authenticator {
    /// Tells who it is, of whom nothing has ended; nothing where nobody has it.
    ///
    /// @param bearer what the client sent as its bearer token (RFC 6750), whatever that is
    Optional<Caller> authenticate(String bearer);

    /// Tells who it is that has a client certificate, which was verified; nothing where it is nobody's.
    ///
    /// @param chain their certificate and, as far as they showed it, that of who signed it, and so on; not empty
    default Optional<Caller> authenticate(List<X509Certificate> chain) {
        return Optional.empty();
    }

    /// Whether somebody whom it told of may still be there: of whom it knows that they are gone, it says so.
    ///
    /// @param id of a [Caller], or their [maker][Caller#maker]
    default boolean mayBeThere(String id) {
        return true;
    }

    /// Looks whether something has changed meanwhile, such as a file. Called about twice a second, by one thread.
    default void refresh() {}
}
