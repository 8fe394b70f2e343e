package io.perennial.bus;

/// How much a bus retains for all of its subscriptions together.
///
/// Both limits are inclusive and at least 1. Whatever is published beyond the stricter one evicts the oldest retained
/// message, whichever topic it belongs to.
///
/// @param windowMessages the most messages retained; one that several subscriptions wait for counts once
/// @param windowBytes the most bytes retained, as the bus's weigher counts them
public record BusLimits(int windowMessages, long windowBytes) {
    private static final BusLimits DEFAULTS = new BusLimits(65_536, 64L * 1024 * 1024);

    public BusLimits {
        if (windowMessages < 1) {
            throw new IllegalArgumentException("windowMessages is less than 1: " + windowMessages);
        }
        if (windowBytes < 1) {
            throw new IllegalArgumentException("windowBytes is less than 1: " + windowBytes);
        }
    }

    /// 65,536 messages and 64 MiB.
    public static BusLimits defaults() {
        return DEFAULTS;
    }
}
