package io.perennial.acceptance;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;

/// A request, and what becomes of the writer's streams where it is done.
///
/// @param name the stream's
/// @param done the status where it is done
/// @param again the status where it was done before; none where a repetition would do it twice, or says something else
/// @param effect what it does
/// @param offsets whether it gives out new ones
record Ask(
        String method,
        String name,
        String body,
        List<String> headers,
        int done,
        List<Integer> again,
        Effect effect,
        Offsets offsets) {
    enum Offsets {
        NEW,
        OLD
    }

    @FunctionalInterface
    interface Effect {
        /// The streams where it is done.
        ///
        /// @param next the answer's next offset; empty where it has none, or was lost
        Lives on(Lives lives, String next);
    }

    static final Effect NOTHING = (lives, _) -> lives;

    boolean isRepeatable() {
        return !again.isEmpty();
    }

    HttpResponse<String> send(Client client) throws IOException, InterruptedException {
        return client.send(method, Sight.path(name), body, headers.toArray(String[]::new));
    }

    @Override
    public String toString() {
        return method + " " + name + " " + headers + " " + body.replaceAll(Asks.FILLER + "+", "...");
    }
}
