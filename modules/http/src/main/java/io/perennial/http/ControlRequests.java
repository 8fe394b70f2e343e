package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Ack;
import io.perennial.subscriptions.Channel;
import io.perennial.subscriptions.Cursors;
import io.perennial.subscriptions.Pattern;
import io.perennial.subscriptions.SubscriptionSpec;
import io.perennial.subscriptions.WakeRef;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is asked below `__ds`, parsed. A field that is `null` counts as one that isn't there; unknown ones are
/// ignored.
final class ControlRequests {
    private static final String BEARER = "bearer ";
    private static final int LONGEST_WORKER = 256;

    private ControlRequests() {}

    static SubscriptionSpec spec(JsonObject body) {
        Channel channel = switch (text(body, "type").orElse("")) {
            case "webhook" -> webhook(body);
            case "pull-wake" -> pullWake(body);
            default -> throw wrong("type is webhook or pull-wake");
        };
        Pattern pattern =
                text(body, "pattern").<Pattern>map(ControlRequests::glob).orElse(Pattern.NOTHING);
        List<StreamKey> streams = field(body, "streams").isPresent() ? streams(body) : List.of();
        try {
            return new SubscriptionSpec(
                    channel,
                    pattern,
                    streams,
                    leaseTtl(body),
                    text(body, "description").orElse(""));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Channel webhook(JsonObject body) {
        String url = field(body, "webhook")
                .flatMap(webhook ->
                        webhook instanceof JsonObject object ? text(object, "url", "webhook.url") : Optional.empty())
                .orElseThrow(() -> wrong("webhook is an object with a url, which a subscription of this type needs"));
        try {
            return new Channel.Webhook(new URI(url));
        } catch (URISyntaxException _) {
            throw wrong("webhook.url isn't a URL");
        }
    }

    private static Channel pullWake(JsonObject body) {
        StreamKey stream = text(body, "wake_stream")
                .map(path -> stream("wake_stream", path))
                .orElseThrow(() -> wrong("wake_stream is missing, which a subscription of this type needs"));
        if (stream.equals(RegistryStream.KEY)) {
            throw wrong("wake_stream: the stream " + stream + " is written by the server alone");
        }
        return new Channel.PullWake(stream);
    }

    private static Pattern.Glob glob(String text) {
        try {
            return new Pattern.Glob(stream("pattern", text).path());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Duration leaseTtl(JsonObject body) {
        return number(body, "lease_ttl_ms").map(Duration::ofMillis).orElse(SubscriptionSpec.DEFAULT_LEASE);
    }

    /// The field `streams`, which is there.
    static List<StreamKey> streams(JsonObject body) {
        if (!(body.get("streams") instanceof JsonArray array)) {
            throw wrong("streams is an array of paths");
        }
        List<StreamKey> streams = new ArrayList<>();
        for (JsonValue one : array) {
            if (!(one instanceof JsonString path)) {
                throw wrong("streams is an array of paths");
            }
            streams.add(stream("streams", path.getString()));
        }
        return streams;
    }

    static String worker(JsonObject body) {
        return text(body, "worker")
                .filter(worker -> !worker.isEmpty() && worker.length() <= LONGEST_WORKER)
                .orElseThrow(() -> wrong("worker is a name of 1 to " + LONGEST_WORKER + " characters"));
    }

    static Ack ack(JsonObject body) {
        boolean isDone = field(body, "done")
                .map(done -> switch (done.getValueType()) {
                    case TRUE -> true;
                    case FALSE -> false;
                    default -> throw wrong("done is true or false");
                })
                .orElse(false);
        return new Ack(wake(body), acks(body), isDone ? Ack.Then.FINISH : Ack.Then.GO_ON);
    }

    static WakeRef wake(JsonObject body) {
        return new WakeRef(
                text(body, "wake_id").orElseThrow(() -> wrong("wake_id is missing")),
                number(body, "generation").orElseThrow(() -> wrong("generation is missing")));
    }

    private static Map<StreamKey, Offset> acks(JsonObject body) {
        Map<StreamKey, Offset> acks = new HashMap<>();
        JsonValue all = field(body, "acks").orElse(JsonValue.EMPTY_JSON_ARRAY);
        if (!(all instanceof JsonArray array)) {
            throw wrong("acks is an array");
        }
        for (JsonValue one : array) {
            if (!(one instanceof JsonObject ack)) {
                throw wrong("acks has objects with a stream and an offset");
            }
            StreamKey stream = stream(
                    "acks", text(ack, "stream", "acks: stream").orElseThrow(() -> wrong("acks: an ack has no stream")));
            Offset offset =
                    offset(text(ack, "offset", "acks: offset").orElseThrow(() -> wrong("acks: an ack has no offset")));
            acks.merge(stream, offset, (a, b) -> a.isBefore(b) ? b : a);
        }
        return acks;
    }

    private static Offset offset(String text) {
        try {
            return Cursors.parse(text);
        } catch (MalformedOffsetException e) {
            throw wrong("acks: " + e.getMessage());
        }
    }

    /// The stream of a path below the stream root.
    ///
    /// @param name what has the path, for the error
    static StreamKey stream(String name, String path) {
        if (path.isEmpty()) {
            throw wrong(name + ": a stream's path isn't empty");
        }
        try {
            return StreamPath.key("the path", StreamPath.PREFIX + path);
        } catch (ProblemException e) {
            throw wrong(name + ": " + e.problem().message());
        }
    }

    static String token(ServerRequest request) {
        return Optional.of(request.headers().all(HeaderNames.AUTHORIZATION, List::of))
                .filter(values -> values.size() == 1)
                .map(List::getFirst)
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip())
                .orElseThrow(() -> new ControlProblem.Found(ControlProblem.unauthorized(
                        "TOKEN_INVALID", "the header Authorization: Bearer <token> is missing")));
    }

    private static Optional<JsonValue> field(JsonObject body, String name) {
        return Optional.ofNullable(body.get(name)).filter(value -> value.getValueType() != JsonValue.ValueType.NULL);
    }

    private static Optional<String> text(JsonObject body, String name) {
        return text(body, name, name);
    }

    /// @param shown the field's name from the outside, for the error
    private static Optional<String> text(JsonObject object, String name, String shown) {
        return field(object, name).map(value -> {
            // Half a surrogate pair can be escaped, but neither kept nor answered as it is.
            if (value instanceof JsonString text
                    && StandardCharsets.UTF_8.newEncoder().canEncode(text.getChars())) {
                return text.getString();
            }
            throw wrong(shown + " is a string of Unicode characters");
        });
    }

    private static Optional<Long> number(JsonObject body, String name) {
        return field(body, name).map(value -> {
            if (value instanceof JsonNumber number
                    && number.isIntegral()
                    && number.toString().length() <= 19) {
                try {
                    return number.longValueExact();
                } catch (ArithmeticException _) {
                    // Said below.
                }
            }
            throw wrong(name + " is a whole number");
        });
    }

    static ControlProblem.Found wrong(String message) {
        return new ControlProblem.Found(ControlProblem.invalid(message));
    }
}
