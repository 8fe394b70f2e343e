package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.access.Authenticator;
import io.perennial.access.Caller;
import io.perennial.access.Grant;
import io.perennial.access.Links;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Live answers of those whose time ends, whatever goes wrong where it is found out.
@Timeout(60)
class VigilTest {
    private static final String BEARER = "Authorization: Bearer me";

    private final Caller me = new Caller("me", "me", List.of(Grant.parse("read:**")), Optional.empty());

    // Whoever embeds the server may bring one that fails like this.
    private static final class Overflowing implements Authenticator {
        private final Caller only;
        private final CountDownLatch failures = new CountDownLatch(2);

        Overflowing(Caller only) {
            this.only = only;
        }

        @Override
        public Optional<Caller> authenticate(String bearer) {
            return Optional.of(only);
        }

        @Override
        public void refresh() {
            failures.countDown();
            throw new StackOverflowError("on purpose");
        }
    }

    @Test
    void they_end_though_every_look_at_who_is_known_overflows(@TempDir Path directory) throws Exception {
        SteppingClock clock = new SteppingClock(TestServer.BEGINNING);
        Overflowing failing = new Overflowing(me);
        Guard guard = Guard.closed(
                failing,
                Links.open(directory.resolve("link.key"), clock),
                Guard.Concealment.TOLD,
                CallerLimits.NONE,
                clock);
        try (guard;
                TestServer server = TestServer.on(directory, guard);
                Followed live = Followed.of(server.port(), "/event", BEARER)) {
            assertEquals(Frames.CONNECTED, live.frame());
            assertTrue(failing.failures.await(30, TimeUnit.SECONDS));
            me.revoke();
            assertEquals("", live.rest());
        }
    }
}
