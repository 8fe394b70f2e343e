package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Page;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A thousand clients that ask and never read, beside a few that do. `-Dperennial.hostile.seconds=300` is the long run.
class HostileFollowersTest {
    private static final int SECONDS = Integer.getInteger("perennial.hostile.seconds", 10);
    private static final int CLIENTS = Integer.getInteger("perennial.hostile.clients", 1_000);
    private static final long SEED = Long.getLong("perennial.hostile.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int HEALTHY = 3;
    private static final int MOST_EVENTS = 20_000 * SECONDS;
    private static final String SESSION = "watched";
    private static final List<String> TARGETS = List.of(
            Client.live(SESSION),
            Sight.path(SESSION) + "?offset=-1&live=sse",
            Sight.path(SESSION) + "?offset=now&live=sse",
            Sight.path(SESSION) + "?offset=-1&live=long-poll",
            Sight.path(SESSION) + "?offset=-1",
            "/event");

    @AutoClose
    private final Machine machine = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    private final Random random = new Random(SEED);
    private final List<Wire> hostile = new ArrayList<>();

    private Server server;
    private NumberedWriter writer;

    @Test
    void who_reads_gets_every_event_once_and_in_order_whoever_else_does_not() throws Exception {
        server = machine.server(SmallHeap.flags("--heartbeat", "PT1S", "--long-poll-wait", "PT5S"));
        assertEquals(
                201,
                server.client()
                        .send("PUT", Sight.path(SESSION), "", "Content-Type", "application/json")
                        .statusCode());
        writer = new NumberedWriter(server.url(), SESSION);
        List<Heard> alone = load(Duration.ofSeconds(SECONDS).dividedBy(4));
        Vitals before = Vitals.of(server);
        for (int i = 0; i < CLIENTS; i++) {
            Wire wire = Wire.narrow(server.url());
            wire.send(Wire.request("GET", TARGETS.get(random.nextInt(TARGETS.size()))));
            hostile.add(wire);
        }
        List<Heard> together = load(Duration.ofSeconds(SECONDS));
        Vitals meanwhile = Vitals.of(server);
        for (Wire wire : hostile) {
            if (random.nextBoolean()) {
                wire.reset();
            } else {
                wire.close();
            }
        }
        Vitals after = Vitals.assertBack(server, before);
        double ratio = Heard.p99Millis(together) / Heard.p99Millis(alone);
        System.out.printf(
                "seed %d: %d clients that never read, %d events; readers alone: %s; with them: %s; p99 %.1f times as"
                        + " long (%.1f ms and %.1f ms)%nbefore: %s%nmeanwhile: %s%nafter: %s%n",
                SEED,
                CLIENTS,
                writer.acknowledged(),
                alone,
                together,
                ratio,
                Heard.p99Millis(alone),
                Heard.p99Millis(together),
                before,
                meanwhile,
                after);
        for (Heard reader : together) {
            assertTrue(reader.isPerfect(), reader::toString);
        }
        server.stop();
        assertEquals("", server.process().complaints());
    }

    /// The writer, some who follow, and one who asks for a page again and again, until each of them has got everything.
    private List<Heard> load(Duration time) throws Exception {
        int first = writer.acknowledged();
        String tail = Client.next(server.client().send("HEAD", Sight.path(SESSION), ""));
        List<Heard> readers = new ArrayList<>();
        List<EventStream> streams = new ArrayList<>();
        List<Future<?>> following = new ArrayList<>();
        try {
            for (int i = 0; i < HEALTHY; i++) {
                EventStream stream = EventStream.open(server.url(), Client.live(SESSION) + "&offset=" + tail);
                stream.patience(Eventually.LONG);
                stream.takeCaughtUp(tail);
                streams.add(stream);
                Heard heard = new Heard(first);
                readers.add(heard);
                following.add(Eventually.start(() -> follow(stream, heard)));
            }
            Heard paging = new Heard(first);
            Future<Integer> writing = Eventually.start(() -> writer.run(time, MOST_EVENTS));
            String offset = tail;
            while (!writing.isDone() || paging.next() < writer.acknowledged()) {
                Page page = server.client().read(SESSION, offset);
                page.events().forEach(event -> paging.take(((JsonString) event.event()).getString()));
                offset = page.next();
            }
            int all = Eventually.result(writing);
            for (Heard reader : readers) {
                Eventually.holds("every event, and not " + reader, () -> reader.next() == all);
            }
            assertTrue(following.stream().noneMatch(Future::isDone), "a stream ended");
            readers.add(paging);
            return readers;
        } finally {
            for (EventStream stream : streams) {
                stream.close();
            }
        }
    }

    private static Heard follow(EventStream stream, Heard heard) throws Exception {
        while (true) {
            EventStream.Frame frame = stream.next();
            if (frame.isMessage()) {
                heard.take(((JsonString) frame.stored().event()).getString());
            }
        }
    }
}
