package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.StreamGlob;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Channel;
import io.perennial.subscriptions.ClaimOutcome;
import io.perennial.subscriptions.Cursors;
import io.perennial.subscriptions.LinkView;
import io.perennial.subscriptions.Pattern;
import io.perennial.subscriptions.SubscriptionView;
import io.perennial.subscriptions.WebhookKey;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// What is answered below `__ds` (protocol, sections 6 and 7).
final class ControlAnswers {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Header KEY_SET =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/jwk-set+json");
    private static final Header FOR_FIVE_MINUTES =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=300");

    private ControlAnswers() {}

    /// That it is done, and there is nothing to say.
    static void done(ServerResponse response) {
        response.status(Status.NO_CONTENT_204).header(Names.NO_STORE).send();
    }

    /// @param key the one that signs now
    /// @param keySetUrl where all of them are
    static JsonObject subscription(SubscriptionView view, WebhookKey key, String keySetUrl) {
        JsonArrayBuilder links = JsonText.provider().createArrayBuilder();
        view.links().forEach(link -> links.add(link(link)));
        JsonObjectBuilder json = JsonText.object()
                .add("id", view.id().value())
                .add("subscription_id", view.id().value());
        switch (view.spec().channel()) {
            case Channel.Webhook(URI url) ->
                json.add("type", "webhook")
                        .add("webhook", webhook(url, key, keySetUrl))
                        .add("wake_stream", JsonValue.NULL);
            case Channel.PullWake(StreamKey wakeStream) ->
                json.add("type", "pull-wake").add("webhook", JsonValue.NULL).add("wake_stream", wakeStream.path());
        }
        if (view.spec().pattern() instanceof Pattern.Glob(StreamGlob found)) {
            json.add("pattern", found.text());
        } else {
            json.addNull("pattern");
        }
        if (view.spec().description().isEmpty()) {
            json.addNull("description");
        } else {
            json.add("description", view.spec().description());
        }
        return json.add("streams", links)
                .add("lease_ttl_ms", view.spec().leaseTtl().toMillis())
                .add("created_at", MILLIS.format(view.created()))
                .add("status", view.status().name().toLowerCase(Locale.ROOT))
                .build();
    }

    private static JsonObjectBuilder webhook(URI url, WebhookKey key, String keySetUrl) {
        return JsonText.object()
                .add("url", url.toString())
                .add(
                        "signing",
                        JsonText.object()
                                .add("alg", "ed25519")
                                .add("kid", key.kid())
                                .add("jwks_url", keySetUrl));
    }

    static JsonObject claimed(ClaimOutcome.Claimed claimed) {
        JsonArrayBuilder links = JsonText.provider().createArrayBuilder();
        claimed.links()
                .forEach(link -> links.add(
                        link(link).add("tail_offset", Cursors.text(link.tail())).add("has_pending", link.isPending())));
        return JsonText.object()
                .add("wake_id", claimed.wake().wakeId())
                .add("generation", claimed.wake().generation())
                .add("token", claimed.token())
                .add("streams", links)
                .add("lease_ttl_ms", claimed.leaseTtl().toMillis())
                .build();
    }

    private static JsonObjectBuilder link(LinkView link) {
        return JsonText.object()
                .add("path", link.stream().path())
                .add("link_type", link.type().name().toLowerCase(Locale.ROOT))
                .add("acked_offset", Cursors.text(link.acked()));
    }

    static JsonObject taken(boolean wakesAgain) {
        return JsonText.object().add("ok", true).add("next_wake", wakesAgain).build();
    }

    /// Sends a JSON Web Key Set, which is for everyone to keep for a while.
    static void keySet(ServerRequest request, ServerResponse response, List<WebhookKey> keys) {
        JsonArrayBuilder all = JsonText.provider().createArrayBuilder();
        keys.forEach(key -> all.add(JsonText.object()
                .add("kty", "OKP")
                .add("crv", "Ed25519")
                .add("kid", key.kid())
                .add("use", "sig")
                .add("alg", "EdDSA")
                .add("x", key.x())));
        byte[] body = JsonText.object().add("keys", all).build().toString().getBytes(StandardCharsets.UTF_8);
        response.status(Status.OK_200).header(KEY_SET).header(FOR_FIVE_MINUTES);
        if (Answers.isHead(request)) {
            response.contentLength(body.length);
            response.send(new byte[0]);
        } else {
            response.send(body);
        }
    }
}
