package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.acceptance.EventStream.Frame;
import java.io.IOException;
import java.net.URI;

/// Follows a session of a [SteadyWriter], connecting anew now and then: every number once, in order.
final class SteadyFollower {
    private static final int A_WHILE = 1_000;

    private final URI url;
    private final String session;
    private String lastEventId = "-1";
    private long seen;

    SteadyFollower(URI url, String session) {
        this.url = url;
        this.session = session;
    }

    void followForAWhile() throws IOException {
        followUpTo(seen + A_WHILE);
    }

    void followUpTo(long count) throws IOException {
        if (seen >= count) {
            return;
        }
        try (EventStream stream = EventStream.open(url, Client.live(session), "Last-Event-ID", lastEventId)) {
            while (seen < count) {
                Frame frame = stream.next();
                if (frame.isMessage()) {
                    assertEquals(seen, frame.stored().event().asJsonObject().getInt("number"), session);
                    seen++;
                    lastEventId = frame.id();
                }
            }
        }
    }
}
