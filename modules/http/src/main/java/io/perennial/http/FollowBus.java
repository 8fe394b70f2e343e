package io.perennial.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.access.Caller;
import io.perennial.access.Permission;
import io.perennial.bus.Bus;
import io.perennial.bus.Delivery;
import io.perennial.bus.Subscription;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Event;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.StreamKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `GET /event`: the bus as it happens, nothing replayed. The events of sessions as
/// `{"sessionId","offset","event"}`, and what the registry says of servers as it is.
final class FollowBus {
    private static final byte[] CONNECTED = notice("server.connected");
    // A follower that can't keep up loses events here, where nothing is replayed; it is told, and can catch up from the
    // session's stream.
    private static final byte[] LAGGED = notice("server.lagged");

    private final Bus<Commit> bus;
    private final Guard guard;
    private final Live live;

    FollowBus(Bus<Commit> bus, Guard guard, Live live) {
        this.bus = bus;
        this.guard = guard;
        this.live = live;
    }

    void handle(ServerRequest request, ServerResponse response) {
        Caller caller = guard.caller(request);
        Optional<Session> only = Query.of(request).value("sessionId").map(Session::named);
        only.ifPresent(session -> guard.require(request, Permission.READ, session.stream()));
        live.answer(LiveKind.BUS, request, response, Live.EVENTS, stream -> {
            try (Subscription<Commit> subscription =
                    only.map(session -> bus.subscribe(session.stream().path())).orElseGet(bus::subscribeAll)) {
                stream.send(CONNECTED);
                follow(subscription, caller, stream);
            }
        });
    }

    private static void follow(Subscription<Commit> subscription, Caller caller, Live.Stream stream)
            throws InterruptedException, IOException {
        while (true) {
            switch (stream.await(subscription::await)) {
                case Delivery.Messages<Commit>(var commits) -> {
                    for (Commit commit : commits) {
                        if (caller.may(Permission.READ, commit.stream())) {
                            write(commit, stream);
                        }
                    }
                    stream.flush();
                }
                case Delivery.Lagged<Commit> _ -> stream.send(LAGGED);
                case Delivery.Idle<Commit> _ -> stream.flush();
                case Delivery.Closed<Commit> _ -> {
                    return;
                }
            }
        }
    }

    private static void write(Commit commit, Live.Stream stream) throws IOException {
        if (commit instanceof Commit.Appended(StreamKey key, Offset _, ContentType type, Offset _, Page page)
                && type.matches(ContentType.JSON)) {
            List<byte[]> shown = shown(key, page.events().stream());
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            shown.forEach(data -> Sse.data(frames, data));
            stream.write(frames.toByteArray(), shown.size());
        }
    }

    // None of the streams that are neither the registry's nor a session.
    private static List<byte[]> shown(StreamKey key, Stream<Event> events) {
        if (key.equals(RegistryStream.KEY)) {
            return events.map(Event::data).filter(RegistryStream::isOfServers).toList();
        }
        return Session.of(key)
                .map(session -> JsonText.quoted(session.id()))
                .map(id -> events.map(event -> entry(id, event)).toList())
                .orElse(List.of());
    }

    private static byte[] entry(String quotedId, Event event) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        entry.writeBytes(("{\"sessionId\":" + quotedId + ",\"offset\":\"" + event.offset() + "\",\"event\":")
                .getBytes(StandardCharsets.UTF_8));
        entry.writeBytes(event.data());
        entry.write('}');
        return entry.toByteArray();
    }

    private static byte[] notice(String type) {
        return Sse.plain(("{\"type\":\"" + type + "\",\"properties\":{}}").getBytes(StandardCharsets.US_ASCII));
    }
}
