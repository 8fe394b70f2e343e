package io.perennial.access;

/// A token that isn't to be believed. The message is for the log, and has nothing of the token's own text.
final class RefusedTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    // Whoever sends garbage shall not have us walk the stack for each.
    RefusedTokenException(String message) {
        super(message, null, false, false);
    }
}
