package io.perennial.http;

import io.helidon.http.Status;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.LinkOutcome;
import io.perennial.subscriptions.PutOutcome;
import io.perennial.subscriptions.Refusal;

/// What is answered below `__ds` to whatever doesn't work, in one place.
final class ControlProblems {
    private ControlProblems() {}

    static ControlProblem of(Refusal why) {
        return switch (why) {
            case Refusal.Unknown _ -> unknown();
            case Refusal.OtherType _ ->
                ControlProblem.invalid(
                        "claim, ack and release are for pull-wake subscriptions, and callback for webhooks");
            case Refusal.InvalidToken _ ->
                ControlProblem.unauthorized("TOKEN_INVALID", "the bearer token isn't one of this subscription");
            case Refusal.ExpiredToken _ -> ControlProblem.unauthorized("TOKEN_EXPIRED", "the bearer token has expired");
            case Refusal.Fenced _ ->
                ControlProblem.conflict("FENCED", "that wake is over: its lease ran out, or it was finished");
            case Refusal.AlreadyClaimed(String worker, long generation) ->
                ControlProblem.conflict("ALREADY_CLAIMED", "another worker holds the lease")
                        .with(JsonText.object()
                                .add("current_holder", worker)
                                .add("generation", generation)
                                .build());
            case Refusal.NothingPending _ -> ControlProblem.conflict("NO_PENDING_WORK", "nothing is pending");
            case Refusal.NotLinked(StreamKey stream) ->
                ControlProblem.conflict("INVALID_OFFSET", "the subscription isn't linked to " + stream);
            case Refusal.Backwards(StreamKey stream, String acked) ->
                ControlProblem.conflict(
                        "INVALID_OFFSET", "of " + stream + " everything below " + acked + " is acked already");
            case Refusal.BeyondTail(StreamKey stream, String tail) ->
                ControlProblem.conflict("INVALID_OFFSET", "the tail of " + stream + " is " + tail);
        };
    }

    static ControlProblem of(LinkOutcome.Refused why) {
        return switch (why) {
            case LinkOutcome.Unknown _ -> unknown();
            case LinkOutcome.OwnWakeStream(StreamKey stream) ->
                ControlProblem.invalid(stream + " is the subscription's own wake stream, which would wake itself");
            case LinkOutcome.TooManyLinks(int limit) -> tooManyLinks(limit);
        };
    }

    static ControlProblem of(PutOutcome.Refused why) {
        return switch (why) {
            case PutOutcome.Differs _ ->
                ControlProblem.conflict(
                        "SUBSCRIPTION_ALREADY_EXISTS", "the subscription exists with another configuration");
            case PutOutcome.UrlRejected(String reason) ->
                ControlProblem.of(Status.BAD_REQUEST_400, "WEBHOOK_URL_REJECTED", reason);
            case PutOutcome.TooMany(int limit) ->
                ControlProblem.conflict("LIMIT_REACHED", "this server keeps " + limit + " subscriptions");
            case PutOutcome.TooManyOfOne(int limit) ->
                ControlProblem.conflict("LIMIT_REACHED", "a token may have made " + limit + " subscriptions at once");
            case PutOutcome.TooManyLinks(int limit) -> tooManyLinks(limit);
        };
    }

    static ControlProblem of(StorageException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case StorageException.OutcomeUnknown _ ->
                ControlProblem.of(Status.SERVICE_UNAVAILABLE_503, "OUTCOME_UNKNOWN", message);
            case StorageException.DiskFull _ -> ControlProblem.of(Resource.INSUFFICIENT_STORAGE, "DISK_FULL", message);
            default -> ControlProblem.of(Status.INTERNAL_SERVER_ERROR_500, "STORAGE_FAILED", message);
        };
    }

    static ControlProblem unknown() {
        return ControlProblem.of(Status.NOT_FOUND_404, "SUBSCRIPTION_NOT_FOUND", "there is no such subscription");
    }

    private static ControlProblem tooManyLinks(int limit) {
        return ControlProblem.conflict("LIMIT_REACHED", "a subscription is linked to " + limit + " streams at most");
    }
}
