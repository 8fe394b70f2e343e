package io.perennial.subscriptions;

import io.perennial.eventstore.Document;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/// The documents of subscriptions in the store: one each, and one for each of its links, so that an ack doesn't rewrite
/// thousands of them. A link's key is `<subscription>/<stream>`: no id holds a slash.
final class Shelf {
    private static final String SUBSCRIPTIONS = "subscription";
    private static final String LINKS = "subscription-link";
    private static final int PAGE = 1000;

    private final EventStore store;

    Shelf(EventStore store) {
        this.store = store;
    }

    /// @throws io.perennial.eventstore.StorageException where nothing, or nobody knows what, is on disk
    void edit(List<Document.Edit> edits) {
        store.edit(edits);
    }

    /// Adds a subscription with its first links.
    void add(SubscriptionId id, byte[] subscription, List<Link> links) {
        List<Document.Edit> edits = new ArrayList<>();
        links.forEach(link -> edits.add(put(id, link)));
        edits.add(put(id, subscription));
        edit(edits);
    }

    /// Removes a subscription with all its links.
    void remove(SubscriptionId id, Collection<StreamKey> streams) {
        List<Document.Edit> edits = new ArrayList<>();
        edits.add(new Document.Edit.Remove(SUBSCRIPTIONS, id.value()));
        streams.forEach(stream -> edits.add(remove(id, stream)));
        edit(edits);
    }

    static Document.Edit put(SubscriptionId id, byte[] subscription) {
        return new Document.Edit.Put(new Document(SUBSCRIPTIONS, id.value(), subscription));
    }

    static Document.Edit put(SubscriptionId id, Link link) {
        JsonArrayBuilder types = JsonText.JSON.createArrayBuilder();
        link.types().stream().sorted().forEach(type -> types.add(type.name().toLowerCase(Locale.ROOT)));
        JsonObjectBuilder json =
                JsonText.object().add("types", types).add("acked", link.acked().toString());
        if (link.life() instanceof Link.Born(Offset created)) {
            json.add("created", created.toString());
        }
        return new Document.Edit.Put(new Document(LINKS, key(id, link.stream()), JsonText.bytes(json)));
    }

    static Document.Edit remove(SubscriptionId id, StreamKey stream) {
        return new Document.Edit.Remove(LINKS, key(id, stream));
    }

    void forEachSubscription(BiConsumer<SubscriptionId, SubscriptionJson.Kept> action) {
        documents(SUBSCRIPTIONS)
                .forEach(document ->
                        action.accept(new SubscriptionId(document.key()), SubscriptionJson.parse(document.data())));
    }

    void forEachLink(BiConsumer<SubscriptionId, Link> action) {
        for (Document document : documents(LINKS)) {
            int slash = document.key().indexOf('/');
            StreamKey stream = new StreamKey(document.key().substring(slash + 1));
            action.accept(
                    new SubscriptionId(document.key().substring(0, slash)),
                    link(stream, JsonText.object(document.data())));
        }
    }

    private static Link link(StreamKey stream, JsonObject json) {
        Set<LinkType> types = EnumSet.noneOf(LinkType.class);
        json.getJsonArray("types")
                .getValuesAs(JsonString.class)
                .forEach(type -> types.add(LinkType.valueOf(type.getString().toUpperCase(Locale.ROOT))));
        return json.containsKey("created")
                ? Link.at(stream, types, Offset.parse(json.getString("created")), Offset.parse(json.getString("acked")))
                : Link.unborn(stream, types);
    }

    private List<Document> documents(String collection) {
        List<Document> all = new ArrayList<>();
        List<Document> page = store.documents(collection, "", PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = store.documents(collection, page.getLast().key(), PAGE);
        }
        return all;
    }

    private static String key(SubscriptionId id, StreamKey stream) {
        return id.value() + "/" + stream.path();
    }
}
