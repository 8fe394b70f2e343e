package io.perennial.server;

/// The server can't start: the message says why and what helps.
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
