package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A page that somebody has stored in a stream, in the browser of whoever opens it.
class StoredPageTest {
    private static final String PAGE = """
            <!doctype html><title>stored</title>
            <img src="/v1/stream/secret" onerror="parent.document.title = 'has run'">
            <script>parent.document.title = 'has run'</script>
            """;
    private static final String OPEN = """
            new Promise(loaded => {
              const frame = document.createElement('iframe')
              frame.onload = () => loaded(String(frame.contentDocument) + ' ' + document.title)
              frame.src = '/v1/stream/page'
              document.body.append(frame)
            })
            """;

    @AutoClose
    private final Machine machine = new Machine();

    @Test
    void it_is_nobodys_and_does_nothing_in_the_name_of_whoever_looks() throws Exception {
        Server server = machine.server();
        assertEquals(
                201,
                server.client()
                        .send("PUT", "/v1/stream/page", PAGE, "Content-Type", "text/html")
                        .statusCode());
        try (Chromium browser = Chromium.open(machine, server.url().resolve("/servers"))) {
            assertEquals("null ", browser.text(OPEN));
        }
    }
}
