package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// kill -9 under everything that can be asked for over the protocol at once: appends alone and together, numbered and
/// not, creations, closings, forks, deletions, expiry and retention. `-Dperennial.kills=200` is the long run, and
/// `-Dperennial.seed` has the writers ask again for what they asked for.
class MixedKillTest {
    private static final int KILLS = Integer.getInteger("perennial.kills", 5);
    private static final long SEED = Long.getLong("perennial.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int WRITERS = 12;
    private static final List<String> SHARED = List.of("shared", "also-shared");
    /// After so many the streams that are shared have grown enough.
    private static final int ROUNDS_TOGETHER = 8;
    private static final String[] FLAGS = {"--page-bytes", "65536"};

    @AutoClose
    private final Machine machine = new Machine();

    private final Random random = new Random(SEED);
    private final Tally tally = new Tally();
    private final List<MixedWriter> writers = IntStream.range(0, WRITERS)
            .mapToObj(
                    i -> new MixedWriter("w" + i, SHARED.get(i % SHARED.size()), new Random(random.nextLong()), tally))
            .toList();

    private String highest = "";

    @Test
    void every_stream_is_what_its_writer_was_told_and_what_was_open_is_done_wholly_or_not_at_all() throws Exception {
        try {
            Server server = machine.server(FLAGS);
            for (int round = 0; round < KILLS; round++) {
                if (round % ROUNDS_TOGETHER == 0) {
                    beginAnewTogether(server.client(), round == 0 ? 404 : 204);
                }
                killUnderLoad(server);
                long from = System.currentTimeMillis();
                server = machine.server(FLAGS);
                check(server.client(), from, System.currentTimeMillis());
            }
            server.stop();
            Perennial verify =
                    machine.run("verify", "--data-dir", machine.data().toString());
            assertEquals(0, verify.exitCode(), verify.out() + verify.err());
        } catch (Exception | AssertionError e) {
            throw new AssertionError("-Dperennial.seed=" + SEED + ": " + e.getMessage(), e);
        } finally {
            System.out.println("seed " + SEED + ": " + tally);
        }
    }

    private void beginAnewTogether(Client client, int deleted) throws Exception {
        String[] headers = Kind.PLAIN.headers().toArray(String[]::new);
        for (String shared : SHARED) {
            String path = Sight.path(shared);
            assertEquals(deleted, client.send("DELETE", path, "").statusCode());
            assertEquals(201, client.send("PUT", path, "", headers).statusCode());
        }
        writers.forEach(MixedWriter::beginAnewTogether);
    }

    // Some die early, while the last log is hardly read; some at the very moment of an answer, which is when a promise
    // that was made too early is broken, the others whenever it happens to be.
    private void killUnderLoad(Server server) throws Exception {
        int until = tally.requests() + (random.nextInt(4) == 0 ? random.nextInt(1, 50) : random.nextInt(50, 2_000));
        boolean isAtOnce = random.nextInt(4) > 0;
        ProcessHandle process = ProcessHandle.of(server.process().pid()).orElseThrow();
        Runnable acknowledged = () -> {
            if (tally.acknowledged() == until && isAtOnce) {
                process.destroyForcibly();
            }
        };
        List<Future<MixedWriter>> running = new ArrayList<>();
        for (MixedWriter writer : writers) {
            running.add(Eventually.start(() -> writer.run(server.client(), highest, acknowledged)));
        }
        try {
            Eventually.holds(
                    "the load",
                    () -> tally.requests() >= until || running.stream().anyMatch(Future::isDone));
        } finally {
            server.kill();
            tally.killed();
        }
        for (Future<MixedWriter> writer : running) {
            String told = Eventually.result(writer).highest();
            highest = told.compareTo(highest) > 0 ? told : highest;
        }
    }

    private void check(Client client, long fromMillis, long toMillis) throws Exception {
        String first = client.append("after-each-kill", "1");
        assertTrue(first.compareTo(highest) >= 0, first + " is below " + highest + ", which was handed out before");
        for (MixedWriter writer : writers) {
            writer.look(client, fromMillis, toMillis);
        }
        for (String shared : SHARED) {
            int said = writers.stream()
                    .filter(writer -> writer.shared().equals(shared))
                    .mapToInt(MixedWriter::saidToAll)
                    .sum();
            assertEquals(said, Sight.of(client, shared).events().size(), shared + " holds what nobody said");
        }
        if (random.nextInt(4) == 0) {
            for (MixedWriter writer : writers) {
                writer.rest(client);
            }
        }
    }
}
