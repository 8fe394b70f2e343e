package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Client.Stored;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A look at some streams, one after another.
///
/// @param fromMillis when it began
/// @param toMillis when it was over
record Look(Map<String, Sight> streams, long fromMillis, long toMillis) {
    /// @param shared the stream of which only this writer's part is looked at
    static Look at(Client client, List<String> names, String shared, String writer)
            throws IOException, InterruptedException {
        long from = System.currentTimeMillis();
        Map<String, Sight> seen = new TreeMap<>();
        for (String name : names) {
            Sight all = Sight.of(client, name);
            assertOrdered(name, all.events());
            seen.put(name, name.equals(shared) ? all.of(writer) : all);
        }
        return new Look(seen, from, System.currentTimeMillis());
    }

    private static void assertOrdered(String name, List<Stored> events) {
        for (int i = 1; i < events.size(); i++) {
            String before = events.get(i - 1).offset();
            String offset = events.get(i).offset();
            assertTrue(offset.compareTo(before) > 0, name + " has " + offset + " behind " + before);
        }
    }
}
