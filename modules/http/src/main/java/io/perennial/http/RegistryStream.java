package io.perennial.http;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.Chronicle;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.Retention;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamChange;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import io.perennial.registry.Lease;
import io.perennial.registry.LeaseJson;
import io.perennial.registry.RegistryChange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The registry's changes as events of the stream `__registry__`, so that watching the servers is following a stream;
/// beside them, with [#CHRONICLE], which streams begin and end.
public final class RegistryStream implements Consumer<RegistryChange> {
    /// The stream's name; only the server writes it.
    public static final StreamKey KEY = new StreamKey("__registry__");

    /// Has a store write down in the registry's stream which other streams begin and end: `stream.created`,
    /// `stream.deleted` and `stream.expired`. Seven days of events are kept, of those the newest 100,000.
    public static final Chronicle CHRONICLE = new Chronicle(
            KEY,
            ContentType.JSON,
            new Retention(Duration.ofDays(7).toSeconds(), Retention.ALL, 100_000),
            RegistryStream::event);

    // What an event of a server begins with, as it is written here.
    private static final byte[] OF_SERVERS = "{\"type\":\"server.".getBytes(StandardCharsets.US_ASCII);

    private static final Logger LOG = System.getLogger(RegistryStream.class.getName());

    private final EventStore store;

    public RegistryStream(EventStore store) {
        this.store = store;
    }

    @Override
    public void accept(RegistryChange change) {
        switch (change) {
            case RegistryChange.Joined(Lease lease) -> tell("joined", lease);
            case RegistryChange.Left(Lease lease) -> tell("left", lease);
            case RegistryChange.Expired(Lease lease) -> tell("expired", lease);
        }
    }

    private void tell(String change, Lease lease) {
        LOG.log(Level.INFO, "registry." + change + " id=" + lease.id() + " url=" + lease.url());
        try {
            AppendOutcome outcome = store.append(new Append(
                    KEY,
                    ContentType.JSON,
                    List.of(event("server." + change, lease)),
                    Producer.ANONYMOUS,
                    WriterSeq.NONE,
                    Append.Closing.STAY_OPEN,
                    Append.IfAbsent.CREATE));
            if (outcome instanceof AppendOutcome.Rejected(var reason)) {
                LOG.log(
                        Level.WARNING,
                        "registry.event-lost change=" + change + " id=" + lease.id() + " reason=" + reason);
            }
        } catch (StorageException e) {
            LOG.log(
                    Level.WARNING,
                    "registry.event-lost change=" + change + " id=" + lease.id() + " reason=" + e.getMessage());
        }
    }

    /// Whether an event of the registry's stream tells of a server.
    static boolean isOfServers(byte[] event) {
        return event.length > OF_SERVERS.length
                && Arrays.equals(event, 0, OF_SERVERS.length, OF_SERVERS, 0, OF_SERVERS.length);
    }

    private static byte[] event(StreamChange change) {
        String type = switch (change) {
            case StreamChange.Created _ -> "stream.created";
            case StreamChange.Deleted _ -> "stream.deleted";
            case StreamChange.Expired _ -> "stream.expired";
        };
        StreamInfo stream = change.stream();
        return JsonText.bytes(JsonText.object()
                .add("type", type)
                .add(
                        "properties",
                        JsonText.object()
                                .add("path", stream.key().path())
                                .add("contentType", stream.contentType().value())
                                .add("created", stream.created().toString())));
    }

    private static byte[] event(String type, Lease lease) {
        return JsonText.bytes(JsonText.object().add("type", type).add("properties", LeaseJson.json(lease)));
    }
}
