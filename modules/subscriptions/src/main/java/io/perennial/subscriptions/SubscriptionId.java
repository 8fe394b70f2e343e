package io.perennial.subscriptions;

import java.util.regex.Pattern;

/// The name that a client gave a subscription.
///
/// @param value 1 to 128 letters and digits of ASCII, and `-._~:@`: what a segment of a path holds unescaped. Not `.`
///     or `..`
public record SubscriptionId(String value) {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9._~:@-]{1,128}");

    public SubscriptionId {
        if (!isOne(value)) {
            throw new IllegalArgumentException("a subscription's id has 1 to 128 of A-Z a-z 0-9 - . _ ~ : @");
        }
    }

    /// Whether this text may name a subscription.
    public static boolean isOne(String text) {
        return GRAMMAR.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }

    @Override
    public String toString() {
        return value;
    }
}
