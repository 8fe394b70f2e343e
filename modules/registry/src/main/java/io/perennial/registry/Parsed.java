package io.perennial.registry;

import java.util.List;

/// What became of a JSON object that should have been a lease.
public sealed interface Parsed {
    /// It is one.
    record Valid(Lease lease) implements Parsed {}

    /// It is none.
    ///
    /// @param violations every field that breaks its rule, in the order id, url, port, pid, metadata; never empty
    record Invalid(List<Violation> violations) implements Parsed {
        public Invalid {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("invalid without a violation");
            }
        }
    }
}
