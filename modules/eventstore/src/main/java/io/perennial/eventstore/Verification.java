package io.perennial.eventstore;

import java.util.List;

/// What a look at everything that a store holds has found.
///
/// @param streams how many were looked at
/// @param events how many they hold
/// @param bytes how much the data of these comes to
/// @param problems a sentence for each, at most [#MOST_PROBLEMS]; none where everything is as it was written
public record Verification(long streams, long events, long bytes, List<String> problems) {
    public static final int MOST_PROBLEMS = 1_000;

    public Verification {
        problems = List.copyOf(problems);
    }

    public boolean isSound() {
        return problems.isEmpty();
    }
}
