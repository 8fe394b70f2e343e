package io.perennial.http;

import io.perennial.eventstore.Append;
import io.perennial.eventstore.AppendOutcome;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Producer;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StreamKey;
import io.perennial.eventstore.WriterSeq;
import io.perennial.registry.Lease;
import io.perennial.registry.LeaseJson;
import io.perennial.registry.RegistryChange;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/// The registry's changes as events of the stream `__registry__`, so that watching the servers is following a stream.
public final class RegistryStream implements Consumer<RegistryChange> {
    /// The stream's name; only the server writes it.
    public static final StreamKey KEY = new StreamKey("__registry__");

    private static final Logger LOG = System.getLogger(RegistryStream.class.getName());

    private final EventStore store;

    public RegistryStream(EventStore store) {
        this.store = store;
    }

    @Override
    public void accept(RegistryChange change) {
        byte[] event = switch (change) {
            case RegistryChange.Joined(Lease lease) -> event("server.joined", lease);
            case RegistryChange.Left(Lease lease) -> event("server.left", lease);
            case RegistryChange.Expired(Lease lease) -> event("server.expired", lease);
        };
        try {
            AppendOutcome outcome = store.append(new Append(
                    KEY,
                    ContentType.JSON,
                    List.of(event),
                    Producer.ANONYMOUS,
                    WriterSeq.NONE,
                    Append.Closing.STAY_OPEN,
                    Append.IfAbsent.CREATE));
            if (outcome instanceof AppendOutcome.Rejected(var reason)) {
                LOG.log(Level.WARNING, "registry.event-lost change=" + change + " reason=" + reason);
            }
        } catch (StorageException e) {
            LOG.log(Level.WARNING, "registry.event-lost change=" + change + " reason=" + e.getMessage());
        }
    }

    private static byte[] event(String type, Lease lease) {
        return JsonText.bytes(JsonText.object().add("type", type).add("properties", LeaseJson.json(lease)));
    }
}
