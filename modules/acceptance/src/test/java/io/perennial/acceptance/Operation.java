package io.perennial.acceptance;

/// A call with what came of it: what it did, it did at some moment between these two.
///
/// @param returnedNanos [#NEVER] where nobody knows
record Operation(String stream, Call call, Reply reply, long invokedNanos, long returnedNanos) {
    static final long NEVER = Long.MAX_VALUE;

    Operation {
        if (reply instanceof Reply.Unknown != (returnedNanos == NEVER)) {
            throw new IllegalArgumentException("what was not answered never returned");
        }
    }

    boolean isAnswered() {
        return returnedNanos != NEVER;
    }

    @Override
    public String toString() {
        return stream + " " + call + " -> " + reply
                + (isAnswered() ? " " + (returnedNanos - invokedNanos) + " ns" : "");
    }
}
