package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.subscriptions.Refusal;
import io.perennial.subscriptions.ReportOutcome;
import io.perennial.subscriptions.SubscriptionId;
import io.perennial.subscriptions.Subscriptions;
import jakarta.json.JsonObject;

/// What webhooks and workers report below a subscription (protocol, sections 6 and 7), by the token that came with
/// their wake.
final class WakeReports {
    private static final int MOST_BYTES = 1024 * 1024;

    private final Subscriptions subscriptions;
    private final Guard guard;
    private final int bodyLimitBytes;

    WakeReports(Subscriptions subscriptions, Guard guard, int bodyLimitBytes) {
        this.subscriptions = subscriptions;
        this.guard = guard;
        this.bodyLimitBytes = Math.min(bodyLimitBytes, MOST_BYTES);
    }

    void callback(SubscriptionId id, ServerRequest request, ServerResponse response) {
        String token = token(id, request);
        taken(subscriptions.callback(id, token, ControlRequests.ack(body(request))), request, response);
    }

    void ack(SubscriptionId id, ServerRequest request, ServerResponse response) {
        String token = token(id, request);
        taken(subscriptions.ack(id, token, ControlRequests.ack(body(request))), request, response);
    }

    void release(SubscriptionId id, ServerRequest request, ServerResponse response) {
        String token = token(id, request);
        switch (subscriptions.release(id, token, ControlRequests.wake(body(request)))) {
            case ReportOutcome.Taken _ -> ControlAnswers.done(response);
            case ReportOutcome.Refused(var why) -> refused(why, request, response);
        }
    }

    private void taken(ReportOutcome outcome, ServerRequest request, ServerResponse response) {
        switch (outcome) {
            case ReportOutcome.Taken(var next) ->
                Answers.json(request, response, Status.OK_200, ControlAnswers.taken(next == ReportOutcome.Next.WAKE));
            case ReportOutcome.Refused(var why) -> refused(why, request, response);
        }
    }

    private void refused(Refusal why, ServerRequest request, ServerResponse response) {
        ControlProblem problem = ControlProblems.of(why);
        if (problem.status().equals(Status.UNAUTHORIZED_401)) {
            guard.refusedUnnamed(request, problem.message());
        }
        problem.send(request, response);
    }

    // Where callers have to be known, whoever brings no token of a wake isn't told which subscriptions there are.
    private String token(SubscriptionId id, ServerRequest request) {
        String token = ControlRequests.token(request);
        if (!guard.isOpen() && !subscriptions.hasIssued(id, token)) {
            guard.refusedUnnamed(request, "the token isn't that of a wake");
            throw new ControlProblem.Found(ControlProblems.of(new Refusal.InvalidToken()));
        }
        return token;
    }

    private JsonObject body(ServerRequest request) {
        return JsonText.object(RequestBody.read(request, bodyLimitBytes));
    }
}
