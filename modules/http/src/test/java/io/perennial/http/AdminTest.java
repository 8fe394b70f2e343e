package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator asks of a server that runs.
@Timeout(60)
class AdminTest {
    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(directory);
        server.posted("s", "1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_backup_is_a_database() throws Exception {
        Answer answer = server.get("/admin/backup");
        assertEquals(200, answer.status());
        assertEquals("application/vnd.sqlite3", answer.header("Content-Type"));
        assertEquals("attachment; filename=\"events.db\"", answer.header("Content-Disposition"));
        assertEquals("no-store", answer.header("Cache-Control"));
        byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
        assertTrue(Arrays.equals(magic, Arrays.copyOf(answer.bytes(), magic.length)));
    }

    @Test
    void a_verification_says_how_much_there_is() throws Exception {
        Answer answer = server.get("/admin/verification");
        assertEquals(200, answer.status());
        assertTrue(answer.body().startsWith("{\"sound\":true,\"streams\":"), answer.body());
        assertTrue(answer.body().endsWith(",\"problems\":[]}"), answer.body());
    }

    @Test
    void a_backup_that_cannot_be_made_is_a_failure_with_a_reason() throws Exception {
        Path data = directory.resolve("data");
        Path moved = Files.move(data, directory.resolve("moved"));
        Answer answer = server.get("/admin/backup");
        assertEquals(500, answer.status(), answer.head());
        assertTrue(answer.body().contains("\"StorageFailed\""), answer.body());
        Files.move(moved, data);
        assertEquals(200, server.get("/admin/backup").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin/backup", "/admin/verification"})
    void pages_of_other_origins_and_other_methods_are_refused(String target) throws Exception {
        assertEquals(403, server.get(target, "Origin: https://evil.example").status());
        assertEquals(403, server.get(target, "Origin: null").status());
        assertEquals(200, server.get(target, "Origin: http://localhost").status());
        assertEquals(405, server.post(target, "x").status());
    }
}
