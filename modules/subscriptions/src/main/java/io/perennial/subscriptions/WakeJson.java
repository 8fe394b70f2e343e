package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import jakarta.json.JsonArrayBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// What workers are told when they are woken (protocol, sections 7.1 and 7.2).
final class WakeJson {
    private WakeJson() {}

    /// The body of a webhook's call.
    static byte[] webhook(SubscriptionId id, WakeRef wake, List<Link> links, URI server, String token) {
        JsonArrayBuilder streams = JsonText.JSON.createArrayBuilder();
        for (Link link : links) {
            streams.add(JsonText.object()
                    .add("path", link.stream().path())
                    .add("link_type", link.shownType().name().toLowerCase(Locale.ROOT))
                    .add("acked_offset", Cursors.text(link.acked()))
                    .add("tail_offset", Cursors.text(link.tail()))
                    .add("has_pending", link.isPending()));
        }
        return JsonText.bytes(JsonText.object()
                .add("subscription_id", id.value())
                .add("wake_id", wake.wakeId())
                .add("generation", wake.generation())
                .add("streams", streams)
                .add("callback_url", server + "/v1/stream/__ds/subscriptions/" + id + "/callback")
                .add("callback_token", token));
    }

    /// The event of a wake stream.
    static byte[] event(SubscriptionId id, StreamKey cause, WakeRef wake, Instant now) {
        return JsonText.object()
                .add("type", "wake")
                .add("subscription_id", id.value())
                .add("stream", cause.path())
                .add("generation", wake.generation())
                .add("ts", now.toEpochMilli())
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }
}
