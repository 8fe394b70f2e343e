package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.webserver.WebServer;
import io.perennial.access.Caller;
import io.perennial.access.Grant;
import io.perennial.access.Links;
import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.Commit;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Create;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.StoreConfig;
import io.perennial.eventstore.StreamKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A list for whom hardly any of the streams is theirs, where it looks at four of them and no more.
class SparseListTest {
    private static final int MOST_LOOKED_AT = 4;

    private final Bus<Commit> bus = new Bus<>(BusLimits.defaults(), Commit::bytes);
    private EventStore store;
    private Guard guard;
    private WebServer web;

    @BeforeEach
    void start(@TempDir Path directory) {
        InstantSource clock = InstantSource.system();
        store = EventStore.open(StoreConfig.of(directory.resolve("data")), clock, bus);
        guard = Guard.closed(
                paths -> Optional.of(new Caller("me", "me", List.of(Grant.parse("read:" + paths)), Optional.empty())),
                Links.open(directory.resolve("link.key"), clock),
                Guard.Concealment.TOLD,
                CallerLimits.NONE,
                clock);
        StreamList list = new StreamList(store, bus, guard, MOST_LOOKED_AT);
        web = WebServer.builder()
                .host("127.0.0.1")
                .routing(tree -> tree.any("/streams", new Resource(guard).get(Rule.KNOWN, list::list)))
                .build()
                .start();
        List.of("a/1/x", "b/1", "b/2", "b/3", "b/4", "b/5", "b/6/x", "c/1")
                .forEach(path -> store.create(new Create(
                        new StreamKey(path),
                        new Create.Fresh(ContentType.JSON),
                        Lifetime.UNLIMITED,
                        Append.Closing.STAY_OPEN,
                        List.of())));
    }

    @AfterEach
    void stop() {
        web.stop();
        guard.close();
        bus.close();
        store.close();
    }

    private Answer get(String query, String paths) throws IOException {
        try (Wire wire = Wire.to(web.port())) {
            return wire.request("GET", "/streams" + query, "Authorization: Bearer " + paths)
                    .answer();
        }
    }

    @Test
    void one_that_is_cut_short_says_where_to_go_on_and_then_that_it_takes_a_prefix() throws Exception {
        String first = get("", "**/x").body();
        assertTrue(first.contains("\"path\":\"a/1/x\"") && first.endsWith("\"after\":\"a/1/x\"}"), first);
        Answer next = get("?after=a/1/x", "**/x");
        assertEquals(400, next.status());
        assertTrue(next.body().contains("\"PrefixNeeded\"") && next.body().contains("among 4 streams"), next.body());
        String rest = get("?prefix=b/6", "**/x").body();
        assertTrue(rest.contains("\"path\":\"b/6/x\"") && !rest.contains("\"after\""), rest);
    }

    @Test
    void one_that_is_looked_for_everywhere_is_whole() throws Exception {
        assertEquals("{\"streams\":[]}", get("?prefix=c", "**/x").body());
        String own = get("", "c/*").body();
        assertTrue(own.contains("\"path\":\"c/1\"") && !own.contains("\"after\""), own);
    }
}
