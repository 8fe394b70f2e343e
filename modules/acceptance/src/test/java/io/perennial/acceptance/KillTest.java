package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// kill -9 under load. `-Dperennial.kills=20` is what a release is measured with.
class KillTest {
    private static final int KILLS = Integer.getInteger("perennial.kills", 5);
    private static final long SEED = 4_437;

    @AutoClose
    private final Machine machine = new Machine();

    private final List<LoadWriter> writers = List.of(
            LoadWriter.anonymous("shared", "a"),
            LoadWriter.anonymous("shared", "b"),
            LoadWriter.anonymous("also shared", "c"),
            LoadWriter.anonymous("also shared", "d"),
            LoadWriter.producer("shared", "p"),
            LoadWriter.producer("shared", "q"),
            LoadWriter.producer("also shared", "r"),
            LoadWriter.producer("alone", "s"));
    private final AtomicReference<Server> current = new AtomicReference<>();

    private String highest = "";

    @Test
    void nothing_acknowledged_is_missing_and_nothing_is_there_twice_however_often_it_is_killed() throws Exception {
        Random random = new Random(SEED);
        current.set(machine.server("--page-bytes", "65536"));
        try (Browser browser = Browser.follow(() -> current.get().url(), "shared")) {
            for (int round = 0; round < KILLS; round++) {
                killUnderLoad(random.nextInt(50, 1_000));
                noteWhatWasHandedOut();
                current.set(machine.server("--page-bytes", "65536"));
                check();
            }
            List<Stored> stored = current.get().client().readAll("shared", "-1");
            browser.awaitEvents(stored.size());
            assertEquals(stored, browser.events());
        }
        current.get().stop();
    }

    private void killUnderLoad(int acknowledgements) throws Exception {
        Server server = current.get();
        AtomicInteger acknowledged = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (LoadWriter writer : writers) {
            running.add(Eventually.start(() -> {
                writer.run(server.client(), acknowledged::incrementAndGet);
                return writer;
            }));
        }
        Eventually.holds("the load", () -> acknowledged.get() >= acknowledgements);
        server.kill();
        for (Future<?> writer : running) {
            Eventually.result(writer);
        }
    }

    private void noteWhatWasHandedOut() {
        for (LoadWriter writer : writers) {
            for (String next : writer.nextOffsets()) {
                highest = next.compareTo(highest) > 0 ? next : highest;
            }
        }
    }

    private void check() throws Exception {
        Client client = current.get().client();
        String first = client.append("after each kill", "1");
        assertTrue(first.compareTo(highest) >= 0, first + " is below " + highest + ", which was handed out before");
        for (String session : List.of("shared", "also shared", "alone")) {
            List<Stored> stored = client.readAll(session, "-1");
            for (int i = 1; i < stored.size(); i++) {
                assertTrue(stored.get(i).offset().compareTo(stored.get(i - 1).offset()) > 0);
            }
            writers.stream().filter(writer -> writer.session().equals(session)).forEach(writer -> writer.check(stored));
        }
    }
}
