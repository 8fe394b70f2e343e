package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The protocol's official TypeScript client at one stream, whose events are numbers. Each thing it does is a
/// process of its own, so nothing but an offset goes from one to the next.
record OfficialClient(Machine machine, URI stream) {
    /// What came in one answer, or in one piece of a live one.
    ///
    /// @param offset where to go on
    record Batch(List<Integer> events, String offset, boolean upToDate) {
        static Batch of(String line) {
            JsonObject batch = Client.json(line).asJsonObject();
            return new Batch(
                    batch.getJsonArray("events").getValuesAs(JsonNumber.class).stream()
                            .map(JsonNumber::intValueExact)
                            .toList(),
                    batch.getString("offset"),
                    batch.getBoolean("upToDate"));
        }
    }

    /// A live subscription, as long as its process runs.
    record Follower(Perennial process) {
        List<Integer> events() {
            return batches().stream().flatMap(batch -> batch.events().stream()).toList();
        }

        /// What an application would have saved.
        String offset() {
            return batches().getLast().offset();
        }

        void awaitEvents(int count) throws Exception {
            Eventually.holds(count + " events at the official client", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the official client gave up: " + process.err());
                }
                return events().size() >= count;
            });
        }

        void close() {
            process.kill();
        }

        private List<Batch> batches() {
            String said = process.out();
            String wholeLines = said.substring(0, said.lastIndexOf('\n') + 1);
            return wholeLines.lines().map(Batch::of).toList();
        }
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    void create() throws Exception {
        finish("create");
    }

    /// @param to exclusive
    void append(int from, int to) throws Exception {
        finish("append", Integer.toString(from), Integer.toString(to));
    }

    /// @param to exclusive
    void produce(int from, int to, String producerId) throws Exception {
        finish("produce", Integer.toString(from), Integer.toString(to), producerId);
    }

    Batch read(String offset) throws Exception {
        return Batch.of(finish("read", offset).out());
    }

    /// @param live `sse` or `long-poll`
    Follower follow(String offset, String live) {
        return new Follower(start("follow", offset, live));
    }

    private Perennial finish(String command, String... arguments) throws Exception {
        Perennial process = start(command, arguments);
        assertEquals(0, process.exitCode(), () -> command + ": " + process.err());
        return process;
    }

    private Perennial start(String command, String... arguments) {
        Stream<String> line = Stream.of(NodeProject.script("official-client.js"), command, stream.toString());
        return machine.run(
                Tool.node(), Stream.concat(line, Arrays.stream(arguments)).toArray(String[]::new));
    }
}
