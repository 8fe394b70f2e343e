package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonString;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One writer of a session, who outlives the server and remembers what he was told.
///
/// An anonymous writer never repeats himself: an append whose answer didn't come is left unknown. A producer repeats it
/// until he is told, with the same number.
final class LoadWriter {
    private static final int CREATED = 201;
    private static final int DUPLICATE = 204;

    private final String session;
    private final String name;
    private final boolean numbered;
    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private final List<String> nextOffsets = new ArrayList<>();
    private int sent;

    private LoadWriter(String session, String name, boolean numbered) {
        this.session = session;
        this.name = name;
        this.numbered = numbered;
    }

    static LoadWriter anonymous(String session, String name) {
        return new LoadWriter(session, name, false);
    }

    static LoadWriter producer(String session, String name) {
        return new LoadWriter(session, name, true);
    }

    /// Appends until the server is gone.
    ///
    /// @param acknowledged called after each answer
    void run(Client client, Runnable acknowledged) throws InterruptedException {
        try {
            while (true) {
                step(client);
                acknowledged.run();
            }
        } catch (IOException e) {
            // Killed. What was under way may be stored or not.
            if (!numbered) {
                sent++;
            }
        }
    }

    private void step(Client client) throws IOException, InterruptedException {
        String event = name + " " + sent;
        String[] headers = numbered
                ? new String[] {"Producer-Id", name, "Producer-Epoch", "0", "Producer-Seq", Integer.toString(sent)}
                : new String[0];
        HttpResponse<String> answer = client.post(session, "\"" + event + "\"", headers);
        switch (answer.statusCode()) {
            case CREATED ->
                remember(event, Client.json(answer.body()).asJsonObject().getString("offset"));
            case DUPLICATE -> remember(event, "");
            default -> throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        nextOffsets.add(Client.next(answer));
        sent++;
    }

    private synchronized void remember(String event, String offset) {
        acknowledged.put(event, offset);
    }

    String session() {
        return session;
    }

    List<String> nextOffsets() {
        return nextOffsets;
    }

    /// Every acknowledged event is stored once and where it was said to be, and no other more than once.
    void check(List<Client.Stored> stored) {
        Map<String, String> offsets = new LinkedHashMap<>();
        for (Client.Stored entry : stored) {
            String event = ((JsonString) entry.event()).getString();
            if (event.startsWith(name + " ")) {
                String other = offsets.put(event, entry.offset());
                assertEquals(null, other, event + " is stored twice");
            }
        }
        acknowledged.forEach((event, offset) -> {
            String found = offsets.getOrDefault(event, "nowhere");
            assertEquals(offset.isEmpty() && Ulid.is(found) ? found : offset, found, event);
        });
        if (numbered) {
            List<String> inOrder = List.copyOf(offsets.keySet());
            for (int i = 0; i < inOrder.size(); i++) {
                assertEquals(name + " " + i, inOrder.get(i));
            }
        }
    }
}
