package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.acceptance.Linearizability.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Clients that share streams, while connections break off and the server is killed: whatever they were told fits one
/// order of all that they did ([Linearizability]). `-Dperennial.histories=50` is the long run, and
/// `-Dperennial.histories.seed` has the clients decide as they did.
class HistoryTest {
    private static final int HISTORIES = Integer.getInteger("perennial.histories", 1);
    private static final long SEED = Long.getLong("perennial.histories.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int PARTICIPANTS = 12;
    private static final int STREAMS = 4;
    /// Of each history; between them the server is killed.
    private static final int ROUNDS = 5;

    private static final int ANSWERS_A_ROUND = 4_000;
    private static final Duration ROUND = Duration.ofMinutes(2);
    private static final long MOST_STATES = 3_000_000;
    private static final String[] FLAGS = {"--page-bytes", "512"};
    private static final int LEAST_BYTES = 2_000;
    private static final int MOST_BYTES = 200_000;

    @AutoClose
    private final Machine machine = new Machine();

    private final Random random = new Random(SEED);
    private final AtomicInteger cuts = new AtomicInteger();
    private int kills;

    @Test
    void whatever_clients_were_told_at_the_same_time_fits_one_order_of_what_they_did() throws Exception {
        try {
            Server server = machine.server(FLAGS);
            for (int i = 0; i < HISTORIES; i++) {
                server = check("history-" + i, server);
            }
            server.stop();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("-Dperennial.histories.seed=" + SEED + ": " + e.getMessage(), e);
        }
    }

    private Server check(String name, Server first) throws Exception {
        List<CommonStream> streams = IntStream.range(0, STREAMS)
                .mapToObj(i -> new CommonStream(name + "-" + i))
                .toList();
        History history = new History();
        List<Participant> participants = IntStream.range(0, PARTICIPANTS)
                .mapToObj(i -> new Participant("c" + i, streams, history, new Random(random.nextLong())))
                .toList();
        Server server = first;
        for (int round = 1; round <= ROUNDS; round++) {
            round(server, history, participants, round < ROUNDS);
            if (round < ROUNDS) {
                server = machine.server(FLAGS);
            }
        }
        try (KeptLine line = new KeptLine(server.url())) {
            streams.forEach(stream -> stream.end(history, line));
        }
        long from = System.nanoTime();
        Verdict verdict = Linearizability.of(history.operations(), MOST_STATES);
        System.out.println("seed " + SEED + ", " + name + ": " + kills + " kills, " + cuts + " cuts, " + history + ": "
                + verdict + " in " + Duration.ofNanos(System.nanoTime() - from).toMillis() + " ms");
        assertInstanceOf(Verdict.Linearizable.class, verdict, verdict::toString);
        return server;
    }

    // Killed at the very moment of an answer, which is when a promise that was made too early is broken; mostly when
    // somebody sees what nobody was told yet, which then has to stay.
    private void round(Server server, History history, List<Participant> participants, boolean isKilled)
            throws Exception {
        int until = history.answers() + random.nextInt(ANSWERS_A_ROUND / 2, ANSWERS_A_ROUND * 3 / 2);
        AtomicBoolean isOver = new AtomicBoolean();
        ProcessHandle process = ProcessHandle.of(server.process().pid()).orElseThrow();
        Predicate<Operation> any = _ -> true;
        history.turnAt(until, random.nextInt(4) == 0 ? any : history::isAhead, () -> {
            isOver.set(true);
            if (isKilled) {
                process.destroyForcibly();
            }
        });
        List<Future<Participant>> running = new ArrayList<>();
        try (CuttingProxy proxy =
                new CuttingProxy(server.url(), random.nextLong(), Integer.MAX_VALUE, LEAST_BYTES, MOST_BYTES)) {
            for (int i = 0; i < participants.size(); i++) {
                Participant participant = participants.get(i);
                URI url = i % 2 == 0 ? proxy.url() : server.url();
                running.add(Eventually.start(() -> {
                    try (KeptLine line = new KeptLine(url);
                            KeptLine direct = new KeptLine(server.url())) {
                        return participant.run(line, direct, isOver::get);
                    }
                }));
            }
            Eventually.holds(
                    "the load", ROUND, () -> isOver.get() || running.stream().anyMatch(Future::isDone));
            isOver.set(true);
            if (isKilled) {
                server.kill();
                kills++;
            }
            for (Future<Participant> participant : running) {
                Eventually.result(participant);
            }
            cuts.addAndGet(proxy.cuts());
        } finally {
            isOver.set(true);
        }
    }
}
