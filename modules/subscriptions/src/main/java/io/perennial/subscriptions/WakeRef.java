package io.perennial.subscriptions;

/// Which wake a worker speaks of.
public record WakeRef(String wakeId, long generation) {}
