package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Life.Item;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;

/// Reads a stream from where somebody may have left off.
final class Probe {
    private final Client client;
    private final Random random;

    Probe(Client client, Random random) {
        this.client = client;
        this.random = random;
    }

    /// A read from the next offset of an append neither repeats nor skips.
    void resume(String name, Life life) throws Exception {
        List<Item> items = life.items();
        if (!items.isEmpty()) {
            int at = items.size() - 1 - random.nextInt(life.certain().size());
            List<String> rest = texts(items.subList(at + 1, items.size()));
            assertEquals(rest, Sight.values(client, name, items.get(at).next()), name);
        }
    }

    /// A read that misses events which were dropped is told so, and where it can go on.
    ///
    /// @param dropped how many are gone
    void missed(String name, Life life, int dropped) throws Exception {
        List<Item> items = life.items();
        for (int i = 0; i < dropped - 1; i++) {
            String next = items.get(i).next();
            if (!next.isEmpty()) {
                Eventually.holds(name + " can be read from its earliest offset", () -> canGoOn(name, life, next));
                return;
            }
        }
    }

    // Unless more has been dropped meanwhile.
    private boolean canGoOn(String name, Life life, String next) throws Exception {
        HttpResponse<String> answer = client.get(Sight.path(name) + "?offset=" + next);
        assertEquals(410, answer.statusCode(), answer.body());
        String earliest = answer.headers().firstValue("Stream-Earliest-Offset").orElseThrow();
        HttpResponse<String> rest = client.get(Sight.path(name) + "?offset=" + earliest);
        if (rest.statusCode() == 410) {
            return false;
        }
        List<String> left = Sight.values(rest);
        int gone = life.items().size() - left.size();
        assertTrue(left.size() >= life.certain().size(), name);
        assertEquals(texts(life.items().subList(gone, life.items().size())), left, name);
        return true;
    }

    /// What is too much goes before long.
    void bound(String name, Life life) throws Exception {
        Eventually.holds(
                name + " is as short as it shall be",
                () -> Sight.values(client, name, "-1").size() <= life.kind().kept());
    }

    /// What nobody touches any more is gone before long; a HEAD is no touch.
    void expiry(String name) throws Exception {
        Eventually.holds(
                name + " expires",
                () -> client.send("HEAD", Sight.path(name), "").statusCode() == 404);
    }

    private static List<String> texts(List<Item> items) {
        return items.stream().map(Item::text).toList();
    }
}
