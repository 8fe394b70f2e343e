package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that are spoilt in every way that comes to mind, and many that don't. `-Dperennial.fuzz=100000` is the long
/// run, which wants another `-Dperennial.fuzz.seed`; what failed is asked again, alone, with `-Dperennial.fuzz=1` and
/// the seed that it says.
class FuzzTest {
    private static final int CONNECTIONS = Integer.getInteger("perennial.fuzz", 10_000);
    private static final long SEED = Long.getLong("perennial.fuzz.seed", 4_437);
    private static final int AT_ONCE = 32;
    /// One in so many doesn't say that it is done, and the server has to come to that by itself; 0: none.
    private static final int SILENT = Integer.getInteger("perennial.fuzz.silent", 500);
    private static final Duration MOMENT = Duration.ofMillis(50);
    private static final int MOST_SHOWN = 1_000;
    private static final String CANARY = "canary";
    private static final String[] FLAGS = {
        "--request-timeout",
        "PT2S",
        "--idle-timeout",
        "PT2S",
        "--long-poll-wait",
        "PT0.2S",
        "--sse-lifetime",
        "PT1S",
        "--heartbeat",
        "PT0.5S",
        "--local-webhooks",
        "false"
    };

    // An answer waits for half a minute for what its client grants over HTTP/2.
    static final Duration GRANTS = Duration.ofSeconds(45);

    @AutoClose
    private final Machine machine = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    @AutoClose
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

    private final Answers answers = new Answers();
    private Server server;
    private Vitals before;
    private List<String> files;

    /// Whether more may come.
    private enum Ending {
        OPEN,
        FINISHED
    }

    /// What is asked of a connection, and what has to come of it.
    private interface Ask {
        void on(Random random) throws IOException;
    }

    @BeforeEach
    void start() throws Exception {
        server = machine.server(SmallHeap.flags(FLAGS));
        server.client().append(CANARY, "1");
        assertEquals(201, server.client().send("PUT", "/v1/stream/fuzz/a", "").statusCode());
        before = Vitals.of(server);
        files = files();
    }

    @AfterEach
    void nothing_is_left_of_it() throws Exception {
        Vitals after = Vitals.assertBack(server, before);
        System.out.println("before: " + before + "\nafter: " + after);
        assertEquals(files, files());
        assertEquals("[1]", server.client().get(Sight.path(CANARY)).body());
        server.stop();
        // A subscription whose wake stream is missing is a warning, of one line; what is worse isn't there.
        String said = server.process().err();
        assertFalse(said.contains("ERROR") || said.contains("Exception") || said.contains("\tat "), said);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(machine.folder())) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void whatever_is_asked_is_answered_properly_or_cut_off() throws Exception {
        String smuggled = Wire.request("POST", Client.path(CANARY), "Content-Length", "1") + "2";
        fuzz(random -> {
            byte[] sent = new Mutations(random, smuggled).next();
            exchange(random, sent);
        });
    }

    @Test
    void whatever_comes_over_http2_is_answered_properly_or_cut_off() throws Exception {
        fuzz(random -> {
            byte[] sent = new FrameNoise(random).connection();
            boolean isPatient = random.nextInt(4) == 0;
            try (Wire wire = Wire.connect(server.url())) {
                send(wire, sent, isPatient ? Ending.OPEN : Ending.FINISHED);
                answers.takeFrames(wire, isPatient ? MOMENT : GRANTS);
            } catch (AssertionError | SocketTimeoutException e) {
                throw failed(sent, e);
            }
        });
    }

    private void fuzz(Ask ask) throws Exception {
        int step = Math.max(1, CONNECTIONS / 100);
        try {
            for (int from = 0; from < CONNECTIONS; from += step) {
                List<Future<?>> asked = IntStream.range(from, Math.min(CONNECTIONS, from + step))
                        .<Future<?>>mapToObj(i -> threads.submit(() -> one(SEED + i, ask)))
                        .toList();
                assertEquals("[1]", server.client().get(Sight.path(CANARY)).body());
                for (Future<?> each : asked) {
                    each.get(2 * GRANTS.toSeconds(), TimeUnit.SECONDS);
                }
            }
        } finally {
            System.out.println("seed " + SEED + ": " + CONNECTIONS + " connections: " + answers);
        }
    }

    private boolean one(long seed, Ask ask) throws IOException {
        try {
            ask.on(new Random(seed));
            assertTrue(server.process().isAlive(), "the server has ended");
            return true;
        } catch (IOException | AssertionError e) {
            throw new AssertionError("-Dperennial.fuzz=1 -Dperennial.fuzz.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    private void exchange(Random random, byte[] sent) throws IOException {
        try (Wire wire = Wire.connect(server.url())) {
            int at = random.nextInt(sent.length + 1);
            send(wire, Arrays.copyOf(sent, at), Ending.OPEN);
            boolean isSilent = SILENT > 0 && random.nextInt(SILENT) == 0;
            send(wire, Arrays.copyOfRange(sent, at, sent.length), isSilent ? Ending.OPEN : Ending.FINISHED);
            answers.take(wire, sent);
        } catch (AssertionError e) {
            throw failed(sent, e);
        }
    }

    private static void send(Wire wire, byte[] bytes, Ending ending) throws IOException {
        try {
            wire.send(bytes);
            if (ending == Ending.FINISHED) {
                wire.finish();
            }
        } catch (SocketException e) {
            // Cut off before the end. What was answered until then has to be right all the same.
        }
    }

    private static AssertionError failed(byte[] sent, Throwable e) {
        String text = new String(sent, 0, Math.min(sent.length, MOST_SHOWN), StandardCharsets.ISO_8859_1);
        return new AssertionError(
                e.getMessage() + " to " + text.replace("\r", "\\r").replace("\n", "\\n"), e);
    }
}
