package io.perennial.acceptance;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Headless Chromium with one page.
final class Chromium implements AutoCloseable {
    private final Perennial process;
    private final DevTools page;

    private Chromium(Perennial process, DevTools page) {
        this.process = process;
        this.page = page;
    }

    /// Opens this page, and returns when it is loaded.
    static Chromium open(Machine machine, URI url, String... flags) throws Exception {
        Path profile = machine.folder().resolve("chromium");
        List<String> arguments = new ArrayList<>(List.of(
                "--headless=new",
                "--no-sandbox", // which root, as in a build, can't have
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        arguments.addAll(List.of(flags));
        arguments.add(url.toString());
        Perennial process = machine.run(Tool.chromium(), arguments.toArray(String[]::new));
        Chromium chromium = new Chromium(process, new DevTools(page(process, profile)));
        Eventually.holds("the page " + url, () -> chromium.hasLoaded(url));
        return chromium;
    }

    private static URI page(Perennial process, Path profile) throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        Eventually.holds("a browser", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the browser has ended: " + process.err());
            }
            return Files.exists(port) && Files.readAllLines(port).size() == 2;
        });
        URI pages = URI.create("http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(pages).timeout(Eventually.LONG).build();
            return Client.json(http.send(request, BodyHandlers.ofString()).body()).asJsonArray().stream()
                    .map(JsonValue::asJsonObject)
                    .filter(page -> page.getString("type").equals("page"))
                    .map(page -> URI.create(page.getString("webSocketDebuggerUrl")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private boolean hasLoaded(URI url) throws Exception {
        return text("document.readyState + ' ' + location.href").equals("complete " + url);
    }

    /// The page's face to its debugger.
    DevTools devTools() {
        return page;
    }

    /// What a script in the page comes to, which has to be a text.
    String text(String script) throws Exception {
        return evaluate(script).getString("value");
    }

    /// Runs a script in the page.
    void run(String script) throws Exception {
        evaluate(script);
    }

    private JsonObject evaluate(String script) throws Exception {
        JsonObject result = page.call(
                "Runtime.evaluate",
                Json.createObjectBuilder()
                        .add("expression", script)
                        .add("awaitPromise", true)
                        .build());
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(script + ": " + result);
        }
        return result.getJsonObject("result");
    }

    /// The text of each element that the selector finds, in the order of the document.
    List<String> texts(String selector) throws Exception {
        String texts = text("JSON.stringify(Array.from(document.querySelectorAll('" + selector
                + "'), element => element.textContent))");
        return Client.json(texts).asJsonArray().getValuesAs(JsonString::getString);
    }

    @Override
    public void close() throws IOException {
        page.close();
        process.kill();
    }
}
