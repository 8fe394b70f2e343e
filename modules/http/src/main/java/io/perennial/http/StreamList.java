package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.Caller;
import io.perennial.access.Permission;
import io.perennial.bus.Bus;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Retention;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.StreamSurvey;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// `GET /streams` and `GET /streams/{path}`: which streams there are, and what is known of one. To look is not to read:
/// it keeps no stream alive.
final class StreamList {
    static final String PREFIX = "/streams/";

    private static final int USUAL = 100;
    private static final int MOST = 1_000;
    private static final int BATCH = 1_000;
    private static final int MOST_LOOKED_AT = 100_000;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,3}");

    private final EventStore store;
    private final Bus<Commit> bus;
    private final Guard guard;
    private final int mostLookedAt;

    /// Some streams of those that somebody asked for.
    ///
    /// @param isWhole whether it was looked for them everywhere, or until there were as many as may be
    private record Found(List<StreamInfo> streams, boolean isWhole) {}

    StreamList(EventStore store, Bus<Commit> bus, Guard guard) {
        this(store, bus, guard, MOST_LOOKED_AT);
    }

    StreamList(EventStore store, Bus<Commit> bus, Guard guard, int mostLookedAt) {
        this.guard = guard;
        this.mostLookedAt = mostLookedAt;
        this.store = store;
        this.bus = bus;
    }

    void list(ServerRequest request, ServerResponse response) {
        Query query = Query.of(request);
        int limit = query.value("limit").map(StreamList::limit).orElse(USUAL);
        Found found = readable(
                guard.caller(request),
                query.value("prefix").orElse(""),
                query.value("after").orElse(""),
                limit);
        JsonArrayBuilder streams = JsonText.provider().createArrayBuilder();
        // One that is deleted meanwhile is left out.
        found.streams()
                .forEach(stream -> store.survey(stream.key(), 0).map(this::json).ifPresent(streams::add));
        JsonObjectBuilder page = JsonText.object().add("streams", streams);
        if (found.streams().size() == limit || !found.isWhole()) {
            page.add("after", found.streams().getLast().key().path());
        }
        Answers.json(request, response, Status.OK_200, page.build());
    }

    // Looks only where the caller may find something, and names nothing that they may not read. Among streams of which
    // hardly any is theirs, as with the paths **/x, it looks at so many at most.
    private Found readable(Caller caller, String prefix, String after, int limit) {
        List<StreamInfo> found = new ArrayList<>();
        // Of everything the caller takes as many as they asked for.
        int batch = caller.isAnybody() ? limit : Math.min(BATCH, mostLookedAt);
        int looked = 0;
        for (String region : caller.regions(Permission.READ, prefix)) {
            String at = after;
            List<StreamInfo> some;
            do {
                if (found.size() < limit && looked >= mostLookedAt) {
                    return cut(found);
                }
                some = store.streams(region, at, batch);
                some.stream()
                        .filter(stream -> caller.may(Permission.READ, stream.key()))
                        .limit(limit - found.size())
                        .forEach(found::add);
                looked += some.size();
                at = some.isEmpty() ? at : some.getLast().key().path();
            } while (some.size() == batch && found.size() < limit);
        }
        return new Found(found, true);
    }

    // Where to go on is the name of a stream, and so one that they may read.
    private Found cut(List<StreamInfo> found) {
        if (found.isEmpty()) {
            throw new ProblemException(Problem.badRequest(
                    "PrefixNeeded",
                    "among " + mostLookedAt + " streams there is none that you may read: say by the parameter prefix"
                            + " where to look"));
        }
        return new Found(found, false);
    }

    void one(ServerRequest request, ServerResponse response) {
        StreamKey key = stream(request);
        Optional<StreamSurvey> found = store.survey(key, MOST);
        if (found.isPresent()) {
            Answers.json(
                    request,
                    response,
                    Status.OK_200,
                    detailed(found.get(), guard.caller(request)).build());
        } else {
            Answers.send(request, response, StreamProblems.absent(key));
        }
    }

    /// The stream that the path names.
    static StreamKey stream(ServerRequest request) {
        String raw = request.prologue().uriPath().rawPath();
        return StreamPath.key("the path", StreamPath.PREFIX + raw.substring(PREFIX.length()));
    }

    private static int limit(String text) {
        int limit = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw new ProblemException(
                    Problem.badRequest("InvalidParameter", "the parameter limit is a whole number from 1 to " + MOST));
        }
        return limit;
    }

    private JsonObjectBuilder json(StreamSurvey survey) {
        StreamInfo stream = survey.stream();
        JsonObjectBuilder json = JsonText.object()
                .add("path", stream.key().path())
                .add("contentType", stream.contentType().value())
                .add("created", stream.created().toString())
                .add("createdAt", stream.created().time().toString())
                .add("next", stream.tail().toString())
                .add("closed", stream.ending() == Ending.CLOSED)
                .add("events", survey.events())
                .add("bytes", survey.bytes())
                .add("followers", bus.subscriptions(stream.key().path()));
        switch (stream.lifetime()) {
            case Lifetime.Unlimited _ -> {}
            case Lifetime.Sliding(long seconds) -> json.add("ttlSeconds", seconds);
            case Lifetime.Until(Instant end) -> json.add("expiresAt", end.toString());
        }
        return json;
    }

    private JsonObjectBuilder detailed(StreamSurvey survey, Caller caller) {
        JsonObjectBuilder json = json(survey);
        survey.earliest().ifPresent(earliest -> json.add("earliest", earliest.toString()));
        if (!survey.stream().retention().isUnlimited()) {
            json.add("retention", json(survey.stream().retention()));
        }
        survey.source()
                .filter(source -> caller.may(Permission.READ, source.stream()))
                .ifPresent(source -> json.add(
                        "source",
                        JsonText.object()
                                .add("path", source.stream().path())
                                .add("offset", source.below().toString())));
        JsonArrayBuilder forks = JsonText.provider().createArrayBuilder();
        survey.forks().stream()
                .filter(fork -> caller.may(Permission.READ, fork))
                .forEach(fork -> forks.add(fork.path()));
        JsonArrayBuilder producers = JsonText.provider().createArrayBuilder();
        survey.producers()
                .forEach(producer -> producers.add(JsonText.object()
                        .add("id", producer.id())
                        .add("epoch", producer.epoch())
                        .add("seq", producer.seq())));
        return json.add("forks", forks).add("producers", producers);
    }

    private static JsonObjectBuilder json(Retention retention) {
        JsonObjectBuilder json = JsonText.object();
        addKept(json, "ageSeconds", retention.ageSeconds());
        addKept(json, "bytes", retention.bytes());
        addKept(json, "events", retention.events());
        return json;
    }

    private static void addKept(JsonObjectBuilder json, String name, long kept) {
        if (kept != Retention.ALL) {
            json.add(name, kept);
        }
    }
}
