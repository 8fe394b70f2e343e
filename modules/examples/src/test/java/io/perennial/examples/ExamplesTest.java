package io.perennial.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples do what they say.
class ExamplesTest {
    @TempDir
    private Path directory;

    @Test
    void streams_work_without_http_and_are_there_when_the_program_is_run_again() throws Exception {
        List<String> two = List.of("{\"order\":\"tea\"}", "{\"order\":\"toast\"}");
        assertEquals(two, StreamsAlone.run(directory));
        List<String> again = new ArrayList<>(two);
        again.addAll(two);
        assertEquals(again, StreamsAlone.run(directory));
    }

    @Test
    void perennials_routes_and_others_are_served_on_one_port() throws Exception {
        try (BesideYourRoutes server = new BesideYourRoutes(directory, 0)) {
            assertEquals("yours", answer(server.url().resolve("/yours"), "GET", ""));
            answer(server.url().resolve("/stream/events?sessionId=s"), "POST", "{\"n\":1}");
            assertTrue(answer(server.url().resolve("/stream/events?sessionId=s"), "GET", "")
                    .contains("{\"n\":1}"));
            assertEquals("[{\"n\":1}]", answer(server.url().resolve("/v1/stream/sessions/s"), "GET", ""));
        }
    }

    private static String answer(URI url, String method, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        try {
            connection.setRequestMethod(method);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            connection.disconnect();
        }
    }
}
