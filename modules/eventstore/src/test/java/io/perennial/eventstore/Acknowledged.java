package io.perennial.eventstore;

import io.perennial.eventstore.PowerState.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the clients of a script were told before a moment, and what they had asked for.
final class Acknowledged {
    private final List<PowerScript> clients;
    private final int[] asked = new int[PowerScript.CLIENTS];
    private final int[] acked = new int[PowerScript.CLIENTS];
    private final Map<String, Offset> offsets = new HashMap<>();
    private Offset above = Offset.LEAST;

    Acknowledged(List<PowerScript> clients) {
        this.clients = clients;
    }

    /// The process has said one more thing.
    void hear(String line) {
        List<String> words = List.of(line.split(" ", -1));
        int client = Integer.parseInt(words.get(1));
        int step = Integer.parseInt(words.get(2));
        if (words.getFirst().equals("asked")) {
            asked[client] = step + 1;
        } else {
            acked[client] = step + 1;
            if (words.size() > 3) {
                note(clients.get(client).step(step), Offset.parse(words.get(3)), Offset.parse(words.get(4)));
            }
        }
    }

    private void note(Step step, Offset first, Offset next) {
        List<String> events = PowerState.texts(
                switch (step) {
                    case Step.Creating(Create create) -> create.events();
                    case Step.Appending(Append append) -> append.events();
                    case Step.Deleting _ -> List.of();
                });
        // A creation tells the stream's offset instead of the first event's.
        if (step instanceof Step.Creating) {
            above = Offset.later(above, first.next());
        } else if (!events.isEmpty()) {
            offsets.put(events.getFirst(), first.next());
        }
        if (!events.isEmpty()) {
            offsets.put(events.getLast(), next);
        }
        above = Offset.later(above, next);
    }

    /// What a client may find: what it was told, and that with what it waits for.
    List<PowerState> possible(int client) {
        PowerScript script = clients.get(client);
        PowerState told = script.after(acked[client]);
        return asked[client] > acked[client] ? List.of(script.after(asked[client]), told) : List.of(told);
    }

    PowerState told(int client) {
        return clients.get(client).after(acked[client]);
    }

    /// What it was told the next offset after an event is, or this one where it was told nothing.
    Offset next(String event, Offset otherwise) {
        return offsets.getOrDefault(event, otherwise);
    }

    /// The first offset above all that were handed out.
    Offset above() {
        return above;
    }

    /// Every stream that a client may have.
    List<String> streams(int client) {
        return clients.get(client).names();
    }

    int steps() {
        int sum = 0;
        for (int count : acked) {
            sum += count;
        }
        return sum;
    }
}
