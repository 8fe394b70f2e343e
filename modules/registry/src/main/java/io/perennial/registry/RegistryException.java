package io.perennial.registry;

/// The registry's file cannot be read, written or locked right now. The message is a sentence without its stop, and
/// names the file. Whether a write that failed took effect is shown by the next read.
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
