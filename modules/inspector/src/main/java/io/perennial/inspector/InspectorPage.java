package io.perennial.inspector;

import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.List;

/// The inspector: a page at `/`, and its parts below `/inspector/`.
///
/// To be set up before whatever answers unknown paths. Everything is read, compressed and named by its content when
/// this is made; afterwards it is memory alone. Safe for use by many threads.
public final class InspectorPage implements HttpFeature {
    private static final List<String> SCRIPTS = List.of(
            "access.js",
            "app.js",
            "chart.js",
            "events.js",
            "follower.js",
            "health.js",
            "json.js",
            "keys.js",
            "metrics.js",
            "page.js",
            "servers.js",
            "server.js",
            "sse.js",
            "stream.js",
            "streams.js",
            "token.js",
            "ulid.js");

    private final List<PageFile> files = new ArrayList<>();

    /// @throws IllegalStateException where a file is missing in the module
    public InspectorPage() {
        files.add(PageFile.read("/", "index.html", "text/html; charset=utf-8"));
        files.add(PageFile.read("/inspector/style.css", "style.css", "text/css; charset=utf-8"));
        files.add(PageFile.read("/inspector/favicon.svg", "favicon.svg", "image/svg+xml"));
        for (String script : SCRIPTS) {
            files.add(PageFile.read("/inspector/" + script, script, "text/javascript; charset=utf-8"));
        }
    }

    @Override
    public void setup(HttpRouting.Builder routing) {
        for (PageFile file : files) {
            routing.any(file.path(), new PageAnswer(file));
        }
    }
}
