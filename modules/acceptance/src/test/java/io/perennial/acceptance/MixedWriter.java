package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Sight.Standing;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// A writer who asks for one thing after another, outlives the server, and keeps a journal of what he was told: his
/// streams as they have to be.
///
/// When the server is killed, at most one of his requests has no answer. It is done or it isn't, as a whole: his
/// streams are either as they were before it or as they are after it. Which of both, he sees, or finds out by asking
/// again where that does nothing twice.
final class MixedWriter {
    private static final int OWN_STREAMS = 5;
    /// Of so many looks at a short-lived stream one is taken: each is a touch, and would keep it alive.
    private static final int LEFT_ALONE = 4;

    private final String name;
    private final String shared;
    private final List<String> own;
    private final Random random;
    private final Tally tally;
    private final Asks asks;
    private Lives lives = Lives.NONE;
    private Optional<Ask> open = Optional.empty();
    private long sentMillis;
    private String highest = "";

    /// @param shared a stream that others append to, too
    MixedWriter(String name, String shared, Random random, Tally tally) {
        this.name = name;
        this.shared = shared;
        this.random = random;
        this.tally = tally;
        own = IntStream.range(0, OWN_STREAMS).mapToObj(i -> name + "-" + i).toList();
        asks = new Asks(name, shared, own, random);
        beginAnewTogether();
    }

    /// Asks until the server is gone.
    ///
    /// @param floor no offset that is given out now may be below it
    /// @param acknowledged called after each answer
    MixedWriter run(Client client, String floor, Runnable acknowledged) throws InterruptedException {
        try {
            while (true) {
                Ask ask = asks.next(lives);
                open = Optional.of(ask);
                learn(ask, send(client, ask), floor);
                open = Optional.empty();
                acknowledged.run();
            }
        } catch (HttpTimeoutException e) {
            throw new AssertionError("no answer to " + open, e);
        } catch (IOException e) {
            // Killed. What was under way may be done or not.
            return this;
        }
    }

    private HttpResponse<String> send(Client client, Ask ask) throws IOException, InterruptedException {
        sentMillis = System.currentTimeMillis();
        return ask.send(client);
    }

    private void learn(Ask ask, HttpResponse<String> answer, String floor) {
        long now = System.currentTimeMillis();
        if (isExpired(ask, answer, now)) {
            lives = lives.without(ask.name());
            return;
        }
        assertEquals(ask.done(), answer.statusCode(), () -> ask + ": " + answer.body());
        String next = answer.headers().firstValue("Stream-Next-Offset").orElse("");
        if (ask.offsets() == Ask.Offsets.NEW) {
            assertTrue(next.compareTo(floor) >= 0, next + " is below " + floor + ", which was handed out before");
            highest = next.compareTo(highest) > 0 ? next : highest;
        }
        lives = after(ask, next, now);
    }

    private boolean isExpired(Ask ask, HttpResponse<String> answer, long now) {
        return answer.statusCode() == 404
                && lives.at(ask.name()).filter(life -> life.mayHaveExpired(now)).isPresent();
    }

    private Lives after(Ask ask, String next, long now) {
        Lives after = ask.effect().on(lives, next);
        if (after.equals(lives)) {
            return before(ask, now);
        }
        return exceptForTheSharedTail(after.with(ask.name(), life -> life.written(sentMillis, now)));
    }

    // Where a stream ends that others write, too, nobody can say.
    private Lives exceptForTheSharedTail(Lives known) {
        return known.with(shared, life -> life.endingAt(""));
    }

    // It may have been touched, and that may be forgotten.
    private Lives before(Ask ask, long now) {
        return lives.with(ask.name(), life -> life.read(now));
    }

    String shared() {
        return shared;
    }

    /// The shared stream was deleted and created again, by somebody else.
    void beginAnewTogether() {
        lives = lives.with(shared, Life.fresh(Kind.PLAIN, Standing.OPEN));
    }

    String highest() {
        return highest;
    }

    /// How many events of the shared stream are his.
    int saidToAll() {
        return lives.at(shared).orElseThrow().items().size();
    }

    /// After a restart, which took from here to there: everything is as he was told, and what was open is done as a
    /// whole or not at all.
    void look(Client client, long fromMillis, long toMillis) throws Exception {
        if (open.isPresent()) {
            Lives after = after(open.get(), "", toMillis).reopened(fromMillis, toMillis);
            lives = lives.reopened(fromMillis, toMillis);
            resolve(client, open.get(), after);
            open = Optional.empty();
        } else {
            lives = lives.reopened(fromMillis, toMillis);
        }
        Look look = lookAtSome(client);
        take(look, lives, "nothing is open");
        probe(client, look);
    }

    private void resolve(Client client, Ask ask, Lives after) throws Exception {
        if (ask.isRepeatable() && random.nextBoolean()) {
            tally.askedAgain();
            repeat(client, ask, List.of(ask.done(), ask.again().getFirst()));
            return;
        }
        Look look = lookAtSome(client);
        boolean isDone = !lives.fits(look) && after.fits(look);
        tally.lookedAt(isDone);
        take(
                look,
                isDone ? after : lives,
                isDone ? ask + " is done" : ask + " isn't done, as little as this: " + after.unlike(look));
        if (ask.isRepeatable() && random.nextBoolean() && !isShortLived(ask.name())) {
            tally.askedAgain();
            if (isDone) {
                assertEquals(ask.again().getFirst(), send(client, ask).statusCode(), ask::toString);
            } else {
                repeat(client, ask, List.of(ask.done()));
            }
        }
    }

    private void repeat(Client client, Ask ask, List<Integer> expected) throws Exception {
        HttpResponse<String> answer = send(client, ask);
        long now = System.currentTimeMillis();
        if (isExpired(ask, answer, now)) {
            lives = lives.without(ask.name());
        } else {
            assertTrue(expected.contains(answer.statusCode()), () -> ask + ": " + answer + answer.body());
            lives = after(ask, "", now);
        }
    }

    private Look lookAtSome(Client client) throws Exception {
        List<String> names = new ArrayList<>(own);
        names.add(shared);
        names.removeIf(stream -> isShortLived(stream)
                && open.filter(ask -> ask.name().equals(stream)).isEmpty()
                && random.nextInt(LEFT_ALONE) > 0);
        return Look.at(client, names, shared, name);
    }

    private boolean isShortLived(String stream) {
        return lives.at(stream).filter(life -> life.kind().isShortLived()).isPresent();
    }

    private void take(Look look, Lives expected, String why) {
        for (Entry<String, Sight> seen : look.streams().entrySet()) {
            expected.at(seen.getKey()).ifPresent(life -> tally.compare(life.certain(), seen.getValue()));
        }
        assertTrue(expected.fits(look), () -> "where " + why + "\nexpected " + expected.unlike(look));
        lives = exceptForTheSharedTail(expected.seen(look));
    }

    private void probe(Client client, Look look) throws Exception {
        Probe probe = new Probe(client, random);
        for (Entry<String, Life> known : lives.all().entrySet()) {
            String stream = known.getKey();
            Life life = known.getValue();
            boolean isThere = life.standing() != Standing.GONE;
            if (isThere && !stream.equals(shared) && !life.kind().isShortLived()) {
                probe.resume(stream, life);
                int seen = look.streams().get(stream).events().size();
                probe.missed(stream, life, life.items().size() - seen);
            }
        }
    }

    /// Does nothing, until what may go has gone.
    void rest(Client client) throws Exception {
        Probe probe = new Probe(client, random);
        for (Entry<String, Life> known : lives.all().entrySet()) {
            String stream = known.getKey();
            Life life = known.getValue();
            if (life.kind().isShortLived()) {
                probe.expiry(stream);
                lives = lives.with(stream, Life::expired);
            } else if (life.isBounded() && !lives.hasForks(stream)) {
                probe.bound(stream, life);
            }
        }
    }
}
