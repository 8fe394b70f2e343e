package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Page;
import io.perennial.eventstore.ReadFrom;
import io.perennial.eventstore.ReadOutcome;
import io.perennial.registry.Lease;
import io.perennial.registry.RegistryChange;
import jakarta.json.JsonValue;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegistryStreamTest {
    @Test
    void changes_are_events_of_a_stream_in_their_order(@TempDir Path directory) {
        try (TestServer server = TestServer.on(directory)) {
            RegistryStream stream = new RegistryStream(server.store());
            Lease lease = new Lease(
                    "a/b",
                    URI.create("http://localhost:1"),
                    1,
                    2,
                    TestServer.BEGINNING,
                    JsonText.object().add("zone", "é").build());
            stream.accept(new RegistryChange.Joined(lease));
            stream.accept(new RegistryChange.Left(lease));
            stream.accept(new RegistryChange.Expired(
                    new Lease("c", lease.url(), 1, 2, TestServer.BEGINNING, JsonValue.EMPTY_JSON_OBJECT)));

            var read = (ReadOutcome.Read) server.store().read(RegistryStream.KEY, ReadFrom.START, 10_000);
            long beat = TestServer.BEGINNING.toEpochMilli();
            String properties = "{\"id\":\"a/b\",\"url\":\"http://localhost:1\",\"port\":1,\"pid\":2,"
                    + "\"lastHeartbeat\":" + beat + ",\"metadata\":{\"zone\":\"é\"}}";
            assertEquals(
                    List.of(
                            "{\"type\":\"server.joined\",\"properties\":" + properties + "}",
                            "{\"type\":\"server.left\",\"properties\":" + properties + "}",
                            "{\"type\":\"server.expired\",\"properties\":{\"id\":\"c\",\"url\":\"http://localhost:1\","
                                    + "\"port\":1,\"pid\":2,\"lastHeartbeat\":" + beat + "}}"),
                    read.page().events().stream()
                            .map(event -> new String(event.data(), StandardCharsets.UTF_8))
                            .toList());
            assertEquals(ContentType.JSON, read.stream().contentType());
            assertEquals("__registry__", RegistryStream.KEY.path());
        }
    }

    @Test
    void which_streams_begin_and_end_is_told_beside_the_servers_and_not_on_the_bus_of_sessions(@TempDir Path directory)
            throws Exception {
        try (TestServer server = TestServer.on(directory);
                Followed bus = server.follow("/event")) {
            assertEquals(Frames.CONNECTED, bus.frame());
            Streams streams = new Streams(server);
            String created = streams.created("a%2Fb", Streams.TEXT);
            streams.delete("a%2Fb");
            Offset posted = server.posted("s", "1");

            String properties = "{\"path\":\"a%2Fb\",\"contentType\":\"text/plain\",\"created\":\"" + created + "\"}";
            assertEquals(
                    List.of(
                            "{\"type\":\"stream.created\",\"properties\":" + properties + "}",
                            "{\"type\":\"stream.deleted\",\"properties\":" + properties + "}"),
                    page(server).events().stream()
                            .limit(2)
                            .map(event -> new String(event.data(), StandardCharsets.UTF_8))
                            .toList());
            assertEquals(Frames.onTheBus("s", posted, "1"), bus.frame());
        }
    }

    private static Page page(TestServer server) {
        return ((ReadOutcome.Read) server.store().read(RegistryStream.KEY, ReadFrom.START, 10_000)).page();
    }
}
