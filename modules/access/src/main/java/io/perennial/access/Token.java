package io.perennial.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A token as it is kept: without its secret.
///
/// @param id public; the secret names it, where it has one
/// @param name what its owner calls it, 1 to 64 of `A-Z a-z 0-9 . _ -`
/// @param expires exclusive; never where it is empty
public record Token(
        String id, String name, Proof proof, Instant created, Optional<Instant> expires, List<Grant> grants) {
    /// What the id and the name of a token's [Caller] begin with.
    static final String KIND = "token:";

    private static final int LONGEST_NAME = 64;

    public Token {
        if (!isName(name)) {
            throw new IllegalArgumentException("a token's name has 1 to " + LONGEST_NAME + " of A-Z a-z 0-9 . _ -");
        }
        if (grants.isEmpty()) {
            throw new IllegalArgumentException("a token allows something");
        }
        grants = List.copyOf(grants);
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= LONGEST_NAME
                && name.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0));
    }

    Caller caller() {
        return new Caller(KIND + id, KIND + name, grants, expires);
    }
}
