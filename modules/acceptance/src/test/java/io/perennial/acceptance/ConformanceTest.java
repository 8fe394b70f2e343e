package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The protocol's public conformance suite, all of it. `-Dperennial.conformance.rounds=3` is what a release is measured
/// with: a test that fails now and then is a test that fails.
class ConformanceTest {
    private static final int ROUNDS = Integer.getInteger("perennial.conformance.rounds", 1);
    private static final int TESTS = 338;
    private static final String LONG_POLL_WAIT = "PT0.5S";
    private static final Duration SUITE = Duration.ofMinutes(5);

    @AutoClose
    private final Machine machine = new Machine();

    static IntStream rounds() {
        return IntStream.rangeClosed(1, ROUNDS);
    }

    @ParameterizedTest(name = "round {0}")
    @MethodSource("rounds")
    void the_public_suite_passes_whole(int round) throws Exception {
        passes("round " + round);
    }

    @Test
    void the_public_suite_passes_whole_where_a_page_holds_all_that_a_stream_has() throws Exception {
        passes("in large pages", "--page-bytes", "16777216");
    }

    private void passes(String how, String... flags) throws Exception {
        // The suite's tests have 5 s each, two of which wait for a long poll to end.
        Server server = machine.server(Stream.concat(Stream.of("--long-poll-wait", LONG_POLL_WAIT), Stream.of(flags))
                .toArray(String[]::new));
        Path report = machine.folder().resolve("report.json");
        Perennial vitest = machine.with("PERENNIAL_URL", server.url().toString())
                .with(
                        "PERENNIAL_LONG_POLL_WAIT_MILLIS",
                        Long.toString(Duration.parse(LONG_POLL_WAIT).toMillis()))
                .run(
                        Tool.node(),
                        NodeProject.program("vitest/vitest.mjs"),
                        "run",
                        "--root=" + NodeProject.FOLDER,
                        "--reporter=json",
                        "--outputFile=" + report);
        int exitCode = vitest.exitCodeWithin(SUITE);
        assertTrue(Files.exists(report), () -> how + ", no report: " + vitest.out() + vitest.err());
        JsonObject results = Client.json(Files.readString(report)).asJsonObject();
        assertEquals("", failures(results), how);
        assertEquals(TESTS, results.getInt("numTotalTests"), how);
        assertEquals(TESTS, results.getInt("numPassedTests"), how);
        assertEquals(0, results.getInt("numFailedTests"), how);
        assertEquals(0, results.getInt("numPendingTests") + results.getInt("numTodoTests"), "skipped " + how);
        assertEquals(0, exitCode, () -> how + ": " + vitest.err());
        server.stop();
    }

    /// Each test that didn't pass, with what it said.
    private static String failures(JsonObject results) {
        return results.getJsonArray("testResults").stream()
                .map(JsonValue::asJsonObject)
                .flatMap(file -> Stream.concat(
                        Stream.of(file.getString("message", "")),
                        file.getJsonArray("assertionResults").stream()
                                .map(JsonValue::asJsonObject)
                                .filter(test -> !test.getString("status").equals("passed"))
                                .map(ConformanceTest::told)))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private static String told(JsonObject test) {
        String messages = test.getJsonArray("failureMessages").getValuesAs(JsonString.class).stream()
                .map(message -> message.getString().lines().findFirst().orElse(""))
                .collect(Collectors.joining("; "));
        return test.getString("status") + ": " + test.getString("fullName") + ": " + messages;
    }
}
