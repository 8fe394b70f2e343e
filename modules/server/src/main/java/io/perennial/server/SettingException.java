package io.perennial.server;

/// A configuration that can't be meant: the message names the setting and the rule.
final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingException(String message) {
        super(message);
    }
}
