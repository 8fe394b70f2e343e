package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A mixed and even load, and what the server has of the machine meanwhile. `-Dperennial.soak=PT1H` is the long run.
class SoakTest {
    private static final Duration LENGTH = Duration.parse(System.getProperty("perennial.soak", "PT12S"));
    private static final int WINDOWS = 6;
    private static final int SESSIONS = 8;
    // Connections come and go: over an hour there were 38 to 102 descriptors, without a direction. One that stayed for
    // each stream that passes would be hundreds in the shortest run.
    private static final int LEEWAY = 96;
    private static final long MOST_RESIDENT_KIB = 640 * 1024;

    @AutoClose
    private final Machine machine = new Machine().with("PERENNIAL_JAVA_OPTS", "-Xmx256m");

    @Test
    void however_long_it_runs_it_takes_no_more_of_the_machine_and_loses_nothing() throws Exception {
        Server server = machine.server("--retention", "sessions/*=bytes:8388608", "--heartbeat", "PT2S");
        long end = System.nanoTime() + LENGTH.toNanos();
        List<SteadyWriter> writers = new ArrayList<>();
        List<SteadyFollower> followers = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            SteadyWriter writer = new SteadyWriter(server.client(), "steady-" + i);
            SteadyFollower follower = new SteadyFollower(server.url(), "steady-" + i);
            writers.add(writer);
            followers.add(follower);
            Future<?> following = Eventually.start(until(end, follower::followForAWhile));
            running.add(following);
            running.add(Eventually.start(() -> {
                while (!following.isDone()) {
                    writer.append();
                }
                return true;
            }));
        }
        Passers passers = new Passers(server);
        running.add(Eventually.start(until(end, passers::comeAndGo)));

        List<ProcessUse> uses = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            LockSupport.parkNanos(LENGTH.toNanos() / WINDOWS);
            ProcessUse use = ProcessUse.of(server.process().pid());
            uses.add(use);
            System.out.printf(
                    "soak %d of %d: %s, append p99 %.1f ms%n",
                    i + 1, WINDOWS, use, SteadyWriter.takeP99Millis(writers));
        }
        for (Future<?> one : running) {
            Eventually.result(one);
        }
        long delivered = 0;
        for (int i = 0; i < SESSIONS; i++) {
            followers.get(i).followUpTo(writers.get(i).appended());
            delivered += writers.get(i).appended();
        }
        System.out.printf(
                "soak: %s, %,d events delivered, 0 lost, 0 repeated, 0 reordered; %,d streams made and removed%n",
                LENGTH, delivered, passers.times());
        ProcessUse first = uses.getFirst();
        ProcessUse last = uses.getLast();
        assertTrue(last.descriptors() <= first.descriptors() + LEEWAY, () -> first + " became " + last);
        assertTrue(last.threads() <= first.threads() + LEEWAY, () -> first + " became " + last);
        assertTrue(last.residentKib() <= MOST_RESIDENT_KIB, () -> first + " became " + last);
        assertEquals("", server.process().complaints());
        server.stop();
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Callable<Boolean> until(long end, Step step) {
        return () -> {
            while (System.nanoTime() - end < 0) {
                step.run();
            }
            return true;
        };
    }

    /// Streams that are made, written, forked, read, left alone and removed, by clients who stay for a moment.
    private static final class Passers {
        private final Server server;
        private int times;

        private Passers(Server server) {
            this.server = server;
        }

        private void comeAndGo() throws Exception {
            Client client = server.client();
            String path = "/v1/stream/passing/" + times++;
            done(client.send("PUT", path, "[1,2,3]", "Content-Type", "application/json", "Stream-TTL", "10"));
            done(client.send("POST", path, "4", "Content-Type", "application/json"));
            done(client.send("PUT", path + "/fork", "", "Stream-Forked-From", path));
            assertEquals("[1,2,3,4]", client.get(path + "/fork").body());
            // Leaves in the middle.
            EventStream.open(server.url(), path + "?offset=-1&live=sse").close();
            if (times % 2 == 0) {
                done(client.send("DELETE", path + "/fork", ""));
                done(client.send("DELETE", path, ""));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }

        private static void done(HttpResponse<String> answer) {
            assertTrue(answer.statusCode() < 300, answer.body());
        }

        private int times() {
            return times;
        }
    }
}
