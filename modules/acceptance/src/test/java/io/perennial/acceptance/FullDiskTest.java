package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private Path disk;
    private Path filler;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectories(machine.folder().resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString());
        filler = disk.resolve("filler");
        fill();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "--lazy", disk.toString());
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), "this test needs the right to mount: " + said);
    }

    private void fill() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
            file.write(new byte[40 * MEBIBYTE]);
        }
    }

    @Test
    void appends_say_so_reads_go_on_and_so_do_appends_once_there_is_room_without_a_restart() throws Exception {
        Server server = machine.server("--data-dir", disk.resolve("data").toString());
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

                Files.delete(filler);
                acknowledged.add(client.append("s", "\"there is room\""));
                browser.awaitEvents(acknowledged.size());
                if (round == 0) {
                    fill();
                }
            }
            assertEquals(acknowledged, offsets(browser.events()));
        }
        assertFalse(
                server.process().err().contains("Exception"), server.process().err());
        server.stop();
        Perennial verify =
                machine.run("verify", "--data-dir", disk.resolve("data").toString());
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
