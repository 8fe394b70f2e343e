package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A browser's window with the inspector in it, and a person's hands and eyes.
final class InspectorWindow implements AutoCloseable {
    private static final Path AXE = Path.of(NodeProject.program("axe-core/axe.min.js"));
    private static final String AXE_RUN = """
            axe.run().then(result => JSON.stringify(result.violations
                .filter(violation => ['serious', 'critical'].includes(violation.impact))
                .map(violation => violation.id + ': ' + violation.nodes.map(node => node.html).join(' '))))
            """;

    private final Chromium browser;
    private final URI server;

    /// Opens an empty window first, so that nothing is missed of what the page does.
    InspectorWindow(Machine machine, Server server) throws Exception {
        this.server = server.url();
        browser = Chromium.open(machine, URI.create("about:blank"));
        call("Runtime.enable", nothing());
        call("Log.enable", nothing());
        resize(1_440, 900, 1);
    }

    private JsonObject call(String method, JsonObjectBuilder parameters) throws Exception {
        return browser.devTools().call(method, parameters.build());
    }

    private static JsonObjectBuilder nothing() {
        return Json.createObjectBuilder();
    }

    /// To be called before the page is shown. Every event that is followed is a message then.
    void noteRequests() throws Exception {
        call("Network.enable", nothing());
    }

    /// Shows the page, with what is behind the # of its address.
    void show(String fragment) throws Exception {
        call("Page.navigate", nothing().add("url", server + "/#" + fragment));
        until("the page", "document.readyState === 'complete' && location.href.startsWith('" + server + "/')");
    }

    /// Waits until a condition of the page holds.
    void until(String what, String condition) throws Exception {
        Eventually.holds(what, () -> text("String(Boolean(" + condition + "))").equals("true"));
    }

    void untilState(String state) throws Exception {
        until("the state " + state, "document.getElementById('state').dataset.state === '" + state + "'");
    }

    String text(String script) throws Exception {
        return browser.text(script);
    }

    void run(String script) throws Exception {
        browser.run(script);
    }

    /// The events that are on the page, in their order.
    List<String> events() throws Exception {
        return browser.texts("#events > li > details > summary > code");
    }

    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    /// Waits for as many events, which have to be the numbers from 0 on.
    void awaitNumbers(int count) throws Exception {
        Eventually.holds(count + " events on the page", () -> events().size() >= count);
        assertEquals(numbers(0, count), events());
    }

    List<String> streams() throws Exception {
        return browser.texts("#stream-list .path");
    }

    /// Presses a key where the focus is.
    void press(String key) throws Exception {
        boolean isOneCharacter = key.length() == 1;
        JsonObjectBuilder down = nothing().add("type", "keyDown").add("key", key);
        if (isOneCharacter || key.equals("Enter")) {
            down.add("text", isOneCharacter ? key : "\r");
        }
        call("Input.dispatchKeyEvent", down.add("windowsVirtualKeyCode", code(key)));
        call("Input.dispatchKeyEvent", nothing().add("type", "keyUp").add("key", key));
    }

    private static int code(String key) {
        return switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case " " -> 32;
            default -> 0;
        };
    }

    void type(String text) throws Exception {
        call("Input.insertText", nothing().add("text", text));
    }

    void dress(String scheme) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                nothing()
                        .add(
                                "features",
                                Json.createArrayBuilder()
                                        .add(nothing()
                                                .add("name", "prefers-color-scheme")
                                                .add("value", scheme))));
    }

    void resize(int width, int height, int scale) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                nothing()
                        .add("width", width)
                        .add("height", height)
                        .add("deviceScaleFactor", scale)
                        .add("mobile", width < 500));
    }

    void picture(Path file) throws Exception {
        String data =
                call("Page.captureScreenshot", nothing().add("format", "png")).getString("data");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    /// What axe-core finds that keeps people from using the page.
    List<String> obstacles() throws Exception {
        run(Files.readString(AXE) + "; 0");
        return Client.json(text(AXE_RUN)).asJsonArray().getValuesAs(JsonString::getString);
    }

    /// Whatever the console has.
    List<String> complaints() {
        return Stream.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
                .flatMap(event -> browser.devTools().told(event).stream())
                .map(JsonValue::toString)
                .toList();
    }

    /// The URLs of all requests.
    List<URI> requests() {
        return browser.devTools().told("Network.requestWillBeSent").stream()
                .map(sent -> URI.create(sent.getJsonObject("request").getString("url")))
                .toList();
    }

    @Override
    public void close() throws IOException {
        browser.close();
    }
}
