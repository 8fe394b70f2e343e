package io.perennial.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.perennial.server.Load.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `perennial bench`: how fast a server is, from where this runs, load by load.
///
/// For a first impression: what the client itself costs is in the figures. It writes to one stream below `bench/`,
/// which it deletes at the end, and which expires by itself where it doesn't come to that.
final class BenchCommand {
    private static final String QUICK = "--quick";
    private static final Duration WARM = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WRITERS = 64;
    private static final int READERS = 16;
    private static final int FOLLOWERS = 100;
    private static final int BATCH = 100;
    private static final String EVENT = "{\"text\":\"" + "x".repeat(89) + "\"}";
    private static final String EVENTS = "[" + String.join(",", Collections.nCopies(BATCH, EVENT)) + "]";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final Map<HeaderName, String> PASSING =
            Map.of(HeaderNames.CONTENT_TYPE, "application/json", HeaderNames.create("Stream-TTL"), "600");

    private final Remote remote;
    private final Duration time;
    private final String stream = ChangeCommand.target("bench/" + UUID.randomUUID());

    private BenchCommand(Remote remote, Duration time) {
        this.remote = remote;
        this.time = time;
    }

    static CommandSpec spec(Remote.Options options) {
        CommandSpec spec = Command.of("Measures how fast a server is: appends, batches, catch-up, fan-out.", parsed -> {
            Duration time = parsed.hasMatchedOption(QUICK) ? SHORT : LONG;
            return new BenchCommand(options.of(parsed), time).run();
        });
        return options.addTo(spec)
                .addOption(OptionSpec.builder(QUICK)
                        .description("One second for each load, and not five.")
                        .build());
    }

    private int run() throws InterruptedException {
        remote.require(Method.PUT, stream, PASSING, new byte[0]);
        try {
            // Both sides compile what they do again and again.
            Load.of(WRITERS, WARM, () -> work("POST", stream, EVENT, _ -> 1));
            say(
                    "append, " + WRITERS + " connections",
                    "events/s",
                    Load.of(WRITERS, time, () -> work("POST", stream, EVENT, _ -> 1)));
            say(
                    "append by " + BATCH + ", " + READERS + " connections",
                    "events/s",
                    Load.of(READERS, time, () -> work("POST", stream, EVENTS, _ -> BATCH)));
            say(
                    "catch-up, " + READERS + " connections",
                    "bytes/s",
                    Load.of(READERS, time, () -> work("GET", stream + "?offset=-1", "", bytes -> bytes)));
            followed();
        } catch (IOException e) {
            throw remote.unreachable(e);
        } finally {
            remote.require(Method.DELETE, stream, Map.of(), new byte[0]);
        }
        return 0;
    }

    // The same request again and again.
    private Load.Work work(String method, String target, String body, LongUnaryOperator amount) throws IOException {
        Wire wire = remote.connect();
        byte[] request = wire.request(method, target, JSON, body);
        return new Load.Work() {
            @Override
            public long run() throws IOException {
                return amount.applyAsLong(wire.exchange(request));
            }

            @Override
            public void close() throws IOException {
                wire.close();
            }
        };
    }

    // An event is done when the last follower has it.
    private void followed() throws IOException, InterruptedException {
        Semaphore delivered = new Semaphore(0);
        CountDownLatch ready = new CountDownLatch(FOLLOWERS);
        for (int i = 0; i < FOLLOWERS; i++) {
            Thread.ofVirtual().start(() -> follow(ready, delivered));
        }
        ready.await();
        Load.Work append = work("POST", stream, EVENT, _ -> FOLLOWERS);
        say("1 event at a time to " + FOLLOWERS + " followers", "deliveries/s", Load.of(1, time, () -> () -> {
            long deliveries = append.run();
            if (!delivered.tryAcquire(FOLLOWERS, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("a follower didn't get an event within " + PATIENCE);
            }
            return deliveries;
        }));
    }

    // Until the stream is deleted.
    private void follow(CountDownLatch ready, Semaphore delivered) {
        try (Http1ClientResponse answer = remote.open(stream + "?offset=now&live=sse", Map.of());
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(answer.inputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("event: control")) {
                    // Each answer begins with one.
                    ready.countDown();
                } else if (line.equals("event: data")) {
                    delivered.release();
                }
            }
        } catch (IOException e) {
            // Nobody waits for it: what it doesn't get is missed above.
        } finally {
            ready.countDown();
        }
    }

    private static void say(String load, String unit, Sample sample) {
        System.out.printf(
                Locale.ROOT,
                "%-36s %,14.0f %-13s p50 %7.2f ms  p99 %7.2f ms%n",
                load,
                sample.perSecond(),
                unit,
                sample.millis(0.5),
                sample.millis(0.99));
    }
}
