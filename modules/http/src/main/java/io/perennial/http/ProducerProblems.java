package io.perennial.http;

import io.helidon.http.Status;
import io.perennial.eventstore.Rejection;

/// What both faces answer to a producer whose number doesn't fit (protocol, section 5.2.1).
final class ProducerProblems {
    private ProducerProblems() {}

    static Problem of(Rejection.OfProducer reason) {
        return switch (reason) {
            case Rejection.StaleEpoch(long current) ->
                Problem.of(
                                Status.FORBIDDEN_403,
                                "StaleEpoch",
                                "a producer of the same id has taken over with epoch " + current)
                        .with(Names.PRODUCER_EPOCH, current);
            case Rejection.EpochNotBegunAtZero(long epoch, long seq) ->
                Problem.badRequest(
                        "InvalidProducer", "epoch " + epoch + " is new and begins with Producer-Seq 0, not " + seq);
            case Rejection.SequenceGap(long expected, long received) ->
                Problem.of(
                                Status.CONFLICT_409,
                                "SequenceGap",
                                "Producer-Seq " + expected + " comes next, and this is " + received)
                        .with(Names.PRODUCER_EXPECTED_SEQ, expected)
                        .with(Names.PRODUCER_RECEIVED_SEQ, received);
        };
    }
}
