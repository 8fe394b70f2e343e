package io.perennial.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How the page's files are served, and what may be in them.
@Timeout(60)
class InspectorPageTest {
    private static final Path FILES = Path.of("src/main/resources/page");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static WebServer web;

    @BeforeAll
    static void start() {
        web = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .routing((HttpRouting.Builder tree) -> {
                    new InspectorPage().setup(tree);
                    tree.any((_, response) ->
                            response.status(Status.NOT_FOUND_404).send("nowhere"));
                })
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        web.stop();
    }

    private static Served get(String target, String... headers) {
        return Served.asked(web.port(), "GET", target, headers);
    }

    private static Set<String> served() throws IOException {
        Set<String> paths = new TreeSet<>();
        try (Stream<Path> files = Files.list(FILES)) {
            files.map(file -> file.getFileName().toString())
                    .map(name -> name.equals("index.html") ? "/" : "/inspector/" + name)
                    .forEach(paths::add);
        }
        return paths;
    }

    @Test
    void every_file_is_served_as_it_lies_here_with_its_type_and_its_policy() throws IOException {
        for (String path : served()) {
            Served answer = get(path);
            assertEquals(200, answer.status(), path);
            String name = path.equals("/") ? "index.html" : path.substring("/inspector/".length());
            assertEquals(Files.readString(FILES.resolve(name)), answer.body());
            assertEquals(type(name), answer.header("Content-Type"));
            assertEquals(POLICY, answer.header("Content-Security-Policy"));
            assertEquals("nosniff", answer.header("X-Content-Type-Options"));
            assertEquals("no-cache", answer.header("Cache-Control"));
            assertEquals("Accept-Encoding", answer.header("Vary"));
            assertTrue(answer.header("ETag").matches("\"[0-9a-f]{24}\""), answer.header("ETag"));
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new AssertionError("what is " + name + "?");
        };
    }

    @Test
    void whatever_the_page_and_its_scripts_name_is_there() throws IOException {
        Set<String> named = new TreeSet<>(Set.of("/"));
        Pattern link = Pattern.compile("(?:href|src)=\"(/[^\"]*)\"|from '\\./([^']+)'");
        for (String path : served()) {
            Matcher links = link.matcher(get(path).body());
            while (links.find()) {
                named.add(links.group(1) != null ? links.group(1) : "/inspector/" + links.group(2));
            }
        }
        assertEquals(served(), named);
    }

    @Test
    void nothing_is_inline_and_nothing_is_asked_of_another_host() throws IOException {
        String page = get("/").body();
        assertFalse(Pattern.compile("<style|\\sstyle=|\\son[a-z]+=|<script(?![^>]*\\ssrc=)|javascript:")
                .matcher(page)
                .find());
        for (String path : served()) {
            // The name of the SVG namespace is no address.
            String text = get(path).body().replace("http://www.w3.org/2000/svg", "");
            assertFalse(
                    Pattern.compile("https?://|['\"]//|innerHTML|eval\\(|document\\.write")
                            .matcher(text)
                            .find(),
                    path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate, br", "br, gzip"})
    void it_is_zipped_for_whoever_takes_that_under_a_tag_of_its_own(String accepted) {
        Served zipped = get("/", "Accept-Encoding: " + accepted);
        Served plain = get("/");
        assertEquals("gzip", zipped.header("Content-Encoding"));
        assertEquals(plain.body(), zipped.body());
        assertTrue(zipped.length() < plain.length() / 2, zipped.length() + " bytes");
        assertNotEquals(plain.header("ETag"), zipped.header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "identity", "gzip;q=0", "*"})
    void it_is_plain_for_whoever_does_not_say_gzip(String accepted) {
        assertFalse(get("/", "Accept-Encoding: " + accepted).has("Content-Encoding"));
    }

    @Test
    void what_a_browser_has_already_is_304_without_a_body() throws IOException {
        for (String path : served()) {
            for (String accepted : List.of("Accept-Encoding: gzip", "Accept: */*")) {
                String tag = get(path, accepted).header("ETag");
                for (String known : List.of(tag, "W/" + tag, "\"a\", " + tag, "*")) {
                    Served answer = get(path, accepted, "If-None-Match: " + known);
                    assertEquals(304, answer.status(), path + " " + known);
                    assertEquals(tag, answer.header("ETag"));
                    assertEquals("no-cache", answer.header("Cache-Control"));
                    assertEquals(0, answer.length());
                }
                assertEquals(
                        200, get(path, accepted, "If-None-Match: \"another\"").status());
            }
        }
    }

    @Test
    void a_head_says_what_a_get_would_and_brings_nothing() throws IOException {
        for (String path : served()) {
            Served got = get(path, "Accept-Encoding: gzip");
            Served head = Served.asked(web.port(), "HEAD", path, "Accept-Encoding: gzip");
            assertEquals(0, head.length());
            assertEquals(withoutDate(got), withoutDate(head));
        }
    }

    private static List<String> withoutDate(Served answer) {
        return answer.head()
                .lines()
                .filter(line -> !line.startsWith("Date: "))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"POST,405", "PUT,405", "DELETE,405", "PATCH,405", "OPTIONS,204"})
    void another_method_is_told_what_there_is(String method, int status) {
        Served answer = Served.asked(web.port(), method, "/");
        assertEquals(status, answer.status());
        assertEquals("GET, HEAD, OPTIONS", answer.header("Allow"));
        assertEquals(
                status == 204 ? "" : "{\"error\":\"MethodNotAllowed\",\"message\":\"/ takes only GET, HEAD, OPTIONS\"}",
                answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/inspector",
                "/inspector/",
                "/inspector/index.html",
                "/inspector/nothing.js",
                "/inspector/App.js",
                "/inspector/%61pp.js",
                "/inspector//app.js",
                "/inspector/./app.js",
                "/inspector/app.js/",
                "/inspector/app.js%00",
                "/inspector/app.js%2f",
                "/inspector/../",
                "/inspector/../inspector/app.js",
                "/inspector/%2e%2e/module-info.class",
                "/inspector/..%2f..%2fetc%2fpasswd",
                "/module-info.class",
                "//",
                "/;a=b"
            })
    void whatever_else_is_asked_for_is_nowhere(String target) {
        Served answer = get(target);
        assertTrue(answer.status() == 404 || answer.status() == 400, target + ": " + answer.head());
        assertFalse(answer.has("Content-Security-Policy"));
    }

    @Test
    void a_query_is_the_pages_own_business() {
        assertEquals(200, get("/?a=b").status());
    }
}
