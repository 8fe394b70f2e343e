package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Disks that don't sync, that changed what was written, and that can't be written at all.
class FailingDiskTest {
    private static final String[] PRODUCER = {"Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "0"};
    // As many as settle, so that they lie where they will stay.
    private static final int MANY = 5_000;
    private static final String NEEDLE = "event 777";

    @AutoClose
    private final Machine machine = new Machine();

    @Test
    void once_a_sync_failed_nothing_is_acknowledged_until_a_restart_and_reads_go_on() throws Exception {
        Server server = machine.server();
        Client client = server.client();
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            acknowledged.add(client.append("s", Integer.toString(i)));
        }
        assertTrue(Health.isAlive(client) && Health.isReady(client));
        try (Browser browser = Browser.follow(server::url, "s");
                Fault _ = Fault.failing(server.process(), "fdatasync")) {
            browser.awaitEvents(10);
            HttpResponse<String> unknown = client.post("s", "10", PRODUCER);
            assertEquals(503, unknown.statusCode(), unknown.body());
            assertTrue(unknown.body().contains("\"OutcomeUnknown\""), unknown.body());
            HttpResponse<String> refused = client.post("s", "11");
            assertEquals(500, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("until the server is restarted"), refused.body());
            assertFalse(Health.isAlive(client) || Health.isReady(client));
            assertEquals(acknowledged, offsets(client.readAll("s", "-1")));
            assertEquals(acknowledged, offsets(browser.events()));
        }
        // The disk syncs again, and what it holds is no better known for that.
        assertEquals(500, client.post("s", "11").statusCode());
        assertTrue(
                server.process().err().contains("store.write-failed"),
                server.process().err());
        server.kill();

        Client restarted = machine.server().client();
        assertTrue(Health.isAlive(restarted) && Health.isReady(restarted));
        HttpResponse<String> again = restarted.post("s", "10", PRODUCER);
        assertTrue(again.statusCode() < 300, again.body());
        assertEquals(
                IntStream.rangeClosed(0, 10).boxed().toList(),
                restarted.readAll("s", "-1").stream()
                        .map(stored -> Integer.valueOf(stored.event().toString()))
                        .toList());
    }

    private static List<String> offsets(List<Stored> events) {
        return events.stream().map(Stored::offset).toList();
    }

    @Test
    void a_byte_that_changed_is_an_error_for_whoever_reads_it_and_nobody_else_and_verify_names_it() throws Exception {
        Server before = machine.server();
        before.client().append("healthy", "1");
        String events =
                IntStream.range(0, MANY).mapToObj(i -> "\"event " + i + "\"").collect(Collectors.joining(","));
        HttpResponse<String> created = before.client()
                .send("PUT", "/v1/stream/damaged", "[" + events + "]", "Content-Type", "application/json");
        assertEquals(201, created.statusCode(), created.body());
        before.stop();
        changeIn(machine.data().resolve("events.db"));

        Server server = machine.server();
        Client client = server.client();
        HttpResponse<String> damaged = client.get("/v1/stream/damaged?offset=-1");
        assertEquals(500, damaged.statusCode(), damaged.body());
        assertFalse(damaged.body().contains("event 1"), damaged.body());
        assertTrue(
                server.process().err().contains("store.read-failed stream=damaged"),
                server.process().err());
        assertEquals(1, client.readAll("healthy", "-1").size());
        client.append("healthy", "2");
        assertEquals(2, client.readAll("healthy", "-1").size());

        Perennial verify = machine.run("verify", "--data-dir", machine.data().toString());
        assertEquals(1, verify.exitCode(), verify.out() + verify.err());
        assertTrue(verify.out().contains("damaged"), verify.out());
        assertFalse(verify.out().contains("healthy"), verify.out());
    }

    // One byte of one event, wherever it lies: freed blocks keep it, too.
    private static void changeIn(Path file) throws IOException {
        String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertTrue(all.contains(NEEDLE), "it isn't in the database");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = all.indexOf(NEEDLE); at >= 0; at = all.indexOf(NEEDLE, at + 1)) {
                channel.write(ByteBuffer.wrap(new byte[] {'A'}), at);
            }
        }
    }

    @Test
    void on_a_disk_that_is_read_only_the_start_ends_with_one_sentence() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(machine.folder().resolve("disk"))) {
            Server server = machine.server("--data-dir", disk.data());
            server.client().append("s", "1");
            server.stop();
            disk.makeReadOnly();
            Perennial refused = machine.serve("--data-dir", disk.data());
            assertEquals(1, refused.exitCode());
            assertTrue(refused.err().contains(disk.data()), refused.err());
            assertEquals(1, refused.err().lines().count(), refused.err());
        }
    }
}
