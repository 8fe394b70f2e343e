package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections that end in every way but the right one. `-Dperennial.abandoned=100000` is the long run.
class AbandonedTest {
    private static final int CONNECTIONS = Integer.getInteger("perennial.abandoned", 4_000);
    private static final long SEED = Long.getLong("perennial.abandoned.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int AT_ONCE = 8;
    private static final int SLOW = 50;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    /// How a client leaves.
    private enum Leaving {
        CLOSE,
        RESET,
        SAY_NO_MORE
    }

    @AutoClose
    private final Machine machine = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    private final List<Wire> abandoned = new ArrayList<>();
    private Server server;
    private Vitals before;

    @BeforeEach
    void start() throws Exception {
        server = machine.server(SmallHeap.flags(
                "--request-timeout", REQUEST_TIMEOUT.toString(), "--idle-timeout", "PT3S", "--heartbeat", "PT0.5S"));
        String[] json = {"Content-Type", "application/json"};
        assertEquals(
                201,
                server.client()
                        .send("PUT", Sight.path("s"), "[" + "1,".repeat(60_000) + "1]", json)
                        .statusCode());
        before = Vitals.of(server);
    }

    @AfterEach
    void nothing_is_left_of_it() throws Exception {
        Vitals after = Vitals.assertBack(server, before);
        System.out.println("before: " + before + "\nafter: " + after);
        for (Wire wire : abandoned) {
            wire.close();
        }
        server.stop();
        assertEquals("", server.process().complaints());
    }

    @Test
    void whole_requests_are_stored_and_others_are_not_however_their_connections_end() throws Exception {
        List<Future<List<Integer>>> clients = IntStream.range(0, AT_ONCE)
                .mapToObj(client -> Eventually.start(() -> leave(client)))
                .toList();
        List<Integer> told = new ArrayList<>();
        for (Future<List<Integer>> client : clients) {
            // A long run takes its time.
            told.addAll(client.get());
        }
        List<Integer> stored = server.client().readAll("told", "-1").stream()
                .map(event -> Integer.parseInt(event.event().toString()))
                .toList();
        System.out.println("seed " + SEED + ": " + CONNECTIONS + " connections abandoned, " + told.size()
                + " appends acknowledged between them, " + stored.size() + " stored");
        assertEquals(told.stream().sorted().toList(), stored.stream().sorted().toList());
        assertEquals(List.of(), server.client().readAll("cut", "-1"));
    }

    // A request that breaks off, an answer that nobody reads to its end, and then one that matters.
    private List<Integer> leave(int client) throws Exception {
        Random random = new Random(SEED + client);
        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS / AT_ONCE; i++) {
            String text = request(random);
            byte[] request = Requests.bytes(text);
            boolean isCut = random.nextBoolean();
            try (Wire wire = Wire.narrow(server.url())) {
                wire.send(isCut ? Arrays.copyOf(request, random.nextInt(request.length)) : request);
                if (!isCut && text.startsWith("GET") && !text.contains("long-poll")) {
                    wire.octet();
                }
                end(wire, Leaving.values()[random.nextInt(Leaving.values().length)]);
            } catch (IOException e) {
                throw new AssertionError("-Dperennial.abandoned.seed=" + SEED, e);
            }
            if (i % 10 == 0) {
                int number = client * CONNECTIONS + i;
                server.client().append("told", Integer.toString(number));
                told.add(number);
            }
        }
        return told;
    }

    private static void end(Wire wire, Leaving leaving) throws IOException {
        switch (leaving) {
            case CLOSE -> wire.close();
            case RESET -> wire.reset();
            case SAY_NO_MORE -> wire.finish();
        }
    }

    private static String request(Random random) {
        String body = "[\"" + "x".repeat(random.nextInt(10_000)) + "\"]";
        String length = Integer.toString(body.length() + 1);
        return switch (random.nextInt(6)) {
            case 0 -> Wire.request("GET", Client.live("s"));
            case 1 -> Wire.request("GET", Sight.path("s") + "?offset=-1&live=sse");
            case 2 -> Wire.request("GET", Sight.path("s") + "?offset=now&live=long-poll");
            case 3 -> Wire.request("GET", Sight.path("s"));
            // One byte less than it says, so that it is never whole.
            case 4 -> Wire.request("POST", Client.path("cut"), "Content-Length", length) + body;
            default ->
                Wire.request("POST", Client.path("cut"), "Transfer-Encoding", "chunked")
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
        };
    }

    @Test
    void requests_that_come_byte_by_byte_or_not_at_all_lose_their_connections() throws Exception {
        String request = Wire.request("POST", Client.path("cut"), "Content-Length", "1000") + "1";
        for (int i = 0; i < SLOW; i++) {
            Wire wire = Wire.connect(server.url());
            wire.send(request.substring(0, i * request.length() / SLOW));
            abandoned.add(wire);
        }
        Future<Integer> drops = Eventually.start(() -> {
            int sent = 0;
            try (Wire wire = Wire.connect(server.url())) {
                wire.patience(Duration.ofMillis(50));
                while (true) {
                    wire.send(request.substring(sent % request.length(), sent % request.length() + 1));
                    sent++;
                    if (isEnded(wire)) {
                        return sent;
                    }
                }
            }
        });
        for (Wire wire : abandoned) {
            Eventually.holds("its end", () -> isEnded(wire));
        }
        assertTrue(Eventually.result(drops) > 1, "it was given no time");
        assertEquals(List.of(), server.client().readAll("cut", "-1"));
    }

    private static boolean isEnded(Wire wire) throws IOException {
        try {
            wire.patience(Duration.ofMillis(50));
            wire.octet();
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
