package io.perennial.subscriptions;

import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A subscription without its links, as it is kept: `{"created", "owners", "spec", "generation", "phase", "retry"}`.
final class SubscriptionJson {
    private static final String NAME = "name";
    private static final String WAKE = "wake";
    private static final String UNTIL = "until";

    private SubscriptionJson() {}

    record Kept(Instant created, List<String> owners, SubscriptionSpec spec, State state) {}

    static byte[] bytes(Instant created, List<String> owners, SubscriptionSpec spec, State state) {
        JsonObjectBuilder json = JsonText.object()
                .add("created", created.toString())
                .add("owners", JsonText.JSON.createArrayBuilder(owners))
                .add("spec", spec(spec))
                .add("generation", state.generation())
                .add("phase", phase(state.phase()));
        if (state.retry() instanceof Retry.Waiting(int attempts, Instant at)) {
            json.add("retry", JsonText.object().add("attempts", attempts).add("next_attempt_at", at.toString()));
        }
        return JsonText.bytes(json);
    }

    static Kept parse(byte[] bytes) {
        JsonObject json = JsonText.object(bytes);
        Retry retry = Retry.NONE;
        if (json.containsKey("retry")) {
            JsonObject waiting = json.getJsonObject("retry");
            retry = new Retry.Waiting(waiting.getInt("attempts"), Instant.parse(waiting.getString("next_attempt_at")));
        }
        State state =
                new State(json.getJsonNumber("generation").longValueExact(), phase(json.getJsonObject("phase")), retry);
        return new Kept(
                Instant.parse(json.getString("created")), owners(json), spec(json.getJsonObject("spec")), state);
    }

    // Those of earlier versions were everybody's.
    private static List<String> owners(JsonObject json) {
        return json.containsKey("owners")
                ? json.getJsonArray("owners").getValuesAs(JsonString::getString)
                : List.of(Subscriptions.EVERYBODY);
    }

    /// The same for the same configuration, whatever the order and the spelling that it was given in.
    static JsonObjectBuilder spec(SubscriptionSpec spec) {
        JsonArrayBuilder streams = JsonText.JSON.createArrayBuilder();
        spec.streams().forEach(stream -> streams.add(stream.path()));
        JsonObjectBuilder json = JsonText.object();
        switch (spec.channel()) {
            case Channel.Webhook(URI url) -> json.add("type", "webhook").add("url", url.toString());
            case Channel.PullWake(StreamKey wakeStream) ->
                json.add("type", "pull-wake").add("wake_stream", wakeStream.path());
        }
        if (spec.pattern() instanceof Pattern.Glob(StreamGlob found)) {
            json.add("pattern", found.text());
        }
        return json.add("streams", streams)
                .add("lease_ttl_ms", spec.leaseTtl().toMillis())
                .add("description", spec.description());
    }

    private static SubscriptionSpec spec(JsonObject json) {
        Channel channel = json.getString("type").equals("webhook")
                ? new Channel.Webhook(URI.create(json.getString("url")))
                : new Channel.PullWake(new StreamKey(json.getString("wake_stream")));
        return new SubscriptionSpec(
                channel,
                json.containsKey("pattern") ? new Pattern.Glob(json.getString("pattern")) : Pattern.NOTHING,
                json.getJsonArray("streams").getValuesAs(JsonString.class).stream()
                        .map(path -> new StreamKey(path.getString()))
                        .toList(),
                Duration.ofMillis(json.getJsonNumber("lease_ttl_ms").longValueExact()),
                json.getString("description"));
    }

    private static JsonObjectBuilder phase(Phase phase) {
        JsonObjectBuilder json = JsonText.object();
        if (phase instanceof Phase.Wake wake) {
            json.add(WAKE, wake.wakeId());
        }
        if (phase instanceof Phase.Leased leased) {
            json.add(UNTIL, leased.until().toString());
        }
        return switch (phase) {
            case Phase.Idle _ -> json.add(NAME, "idle");
            case Phase.Announced _ -> json.add(NAME, "announced");
            case Phase.Claimed claimed -> json.add(NAME, "claimed").add("worker", claimed.worker());
            case Phase.Delivering _ -> json.add(NAME, "delivering");
            case Phase.Accepted _ -> json.add(NAME, "accepted");
            case Phase.Refused _ -> json.add(NAME, "refused");
        };
    }

    private static Phase phase(JsonObject json) {
        String wake = json.getString(WAKE, "");
        String name = json.getString(NAME);
        return switch (name) {
            case "idle" -> Phase.IDLE;
            case "announced" -> new Phase.Announced(wake);
            case "claimed" -> new Phase.Claimed(wake, json.getString("worker"), until(json));
            case "delivering" -> new Phase.Delivering(wake, until(json));
            case "accepted" -> new Phase.Accepted(wake, until(json));
            case "refused" -> new Phase.Refused(wake, until(json));
            default -> throw new IllegalStateException("a subscription was kept in the phase " + name);
        };
    }

    private static Instant until(JsonObject json) {
        return Instant.parse(json.getString(UNTIL));
    }
}
