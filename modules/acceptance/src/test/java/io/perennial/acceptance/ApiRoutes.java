package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which paths the server serves, as the source of its routing tree says: one that is added there is noticed here.
final class ApiRoutes {
    private static final String SOURCES = "modules/http/src/main/java/io/perennial/http/";
    private static final Pattern TREE =
            Pattern.compile("PerennialRouting on\\(.*?LiveObserver observer\\) \\{(.*?)\n    }", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("\\.(?:any|get|head|put|post|delete)\\(\\s*\"([^\"]+)\"");
    private static final Pattern MATCHER = Pattern.compile("\\.path\\(((?:[^()]|\\([^()]*\\))*)\\)");
    private static final Pattern CASE = Pattern.compile("case \"([a-z]+)\" -> (?:known\\()?\\(request");

    private static final String SUBSCRIPTION = "/v1/stream/__ds/subscriptions/{id}";

    /// What Helidon serves beside the tree.
    static final Set<String> HELIDONS =
            Set.of("/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics", "/openapi");

    private ApiRoutes() {}

    /// All of them, with their parameters named as in the document.
    static Set<String> served() throws IOException {
        Set<String> paths = new TreeSet<>(HELIDONS);
        Matcher tree = TREE.matcher(source("PerennialRouting"));
        assertTrue(tree.find(), "the routing tree looks different: read it anew");
        groups(TEXT, tree.group(1)).forEach(paths::add);
        Map<String, List<String>> matchers = Map.of(
                "Control.matcher()", control(),
                "StreamPath.matcher()", List.of("/v1/stream/{path}"),
                "StreamPath.below(StreamList.PREFIX)", List.of("/streams/{path}"),
                "Servers.one()", List.of("/servers/{serverId}"));
        for (String matcher : groups(MATCHER, tree.group(1)).toList()) {
            assertTrue(matchers.containsKey(matcher), "a matcher that isn't known here: " + matcher);
            paths.addAll(matchers.get(matcher));
        }
        return paths;
    }

    private static List<String> control() throws IOException {
        return Stream.concat(
                        Stream.of("/v1/stream/__ds/jwks.json", SUBSCRIPTION, SUBSCRIPTION + "/streams/{path}"),
                        groups(CASE, source("Control")).map(name -> SUBSCRIPTION + "/" + name))
                .toList();
    }

    private static Stream<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult found) -> found.group(1));
    }

    private static String source(String type) throws IOException {
        return Files.readString(Image.inProject(SOURCES + type + ".java"));
    }
}
