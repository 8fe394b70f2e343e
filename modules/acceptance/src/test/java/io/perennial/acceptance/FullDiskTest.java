package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A data directory on a disk of its own, a small one in memory, that gets full.
class FullDiskTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int MOST = 1_000;
    private static final String EVENT = "\"" + "x".repeat(MEBIBYTE / 16) + "\"";

    @AutoClose
    private final Machine machine = new Machine();

    private SmallDisk disk;

    @BeforeEach
    void fill() throws Exception {
        disk = SmallDisk.mount(machine.folder().resolve("disk"));
        disk.fill();
    }

    @AfterEach
    void unmount() throws Exception {
        disk.close();
    }

    @Test
    void appends_say_so_reads_go_on_and_so_do_appends_once_there_is_room_without_a_restart() throws Exception {
        Server server = machine.server("--data-dir", disk.data());
        Client client = server.client();
        try (Browser browser = Browser.follow(server::url, "s")) {
            List<String> acknowledged = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                HttpResponse<String> refused = appendUntilFull(client, acknowledged);
                assertEquals(507, refused.statusCode(), refused.body());
                assertTrue(refused.body().contains("\"DiskFull\""), refused.body());
                assertEquals(507, client.post("t", EVENT).statusCode());
                assertEquals(acknowledged, offsets(client.readAll("s", "-1")));
                browser.awaitEvents(acknowledged.size());

                assertFalse(Health.isReady(client));
                assertTrue(Health.isAlive(client));
                disk.makeRoom();
                Eventually.holds("ready, though nobody appends", () -> Health.isReady(client));
                acknowledged.add(client.append("s", "\"there is room\""));
                browser.awaitEvents(acknowledged.size());
                if (round == 0) {
                    disk.fill();
                }
            }
            assertEquals(acknowledged, offsets(browser.events()));
        }
        assertFalse(
                server.process().err().contains("Exception"), server.process().err());
        server.stop();
        Perennial verify = machine.run("verify", "--data-dir", disk.data());
        assertEquals(0, verify.exitCode(), verify.out() + verify.err());
    }

    private static HttpResponse<String> appendUntilFull(Client client, List<String> acknowledged) throws Exception {
        for (int i = 0; i < MOST; i++) {
            HttpResponse<String> answer = client.post("s", EVENT);
            if (answer.statusCode() != 201) {
                return answer;
            }
            acknowledged.add(Client.json(answer.body()).asJsonObject().getString("offset"));
        }
        throw new AssertionError("the disk doesn't get full");
    }

    private static List<String> offsets(List<Stored> events) {
        return events.stream().map(Stored::offset).toList();
    }
}
