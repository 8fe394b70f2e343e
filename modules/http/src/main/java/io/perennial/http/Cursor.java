package io.perennial.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The number that live answers carry and clients send back, so that a cache never serves one answer for ever
/// (protocol, section 10.1): the interval of 20 s that it is in, or, where that wouldn't be an advance, a later
/// one by up to an hour.
final class Cursor {
    private static final long EPOCH_MILLIS =
            Instant.parse("2024-10-09T00:00:00Z").toEpochMilli();
    private static final long INTERVAL_MILLIS = 20_000;
    private static final long MOST_JITTER = 180;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");

    private final InstantSource clock;
    private long last;

    private Cursor(InstantSource clock, long given) {
        this.clock = clock;
        this.last = given < interval()
                ? interval()
                : given + ThreadLocalRandom.current().nextLong(1, MOST_JITTER + 1);
    }

    private long interval() {
        return (clock.millis() - EPOCH_MILLIS) / INTERVAL_MILLIS;
    }

    /// @param given what the client sent back
    static Cursor after(InstantSource clock, Optional<String> given) {
        given.filter(text -> !NUMBER.matcher(text).matches()).ifPresent(_ -> {
            throw new ProblemException(Problem.badRequest(
                    "InvalidParameter", "the parameter cursor is a Stream-Cursor that this server gave out"));
        });
        return new Cursor(clock, given.map(Long::parseLong).orElse(-1L));
    }

    /// Greater than what the client sent and not less than the one before.
    String next() {
        last = Math.max(last, interval());
        return Long.toString(last);
    }

    /// Greater than every one before, for the client that is sent to connect again.
    String advanced() {
        last = Math.max(last + 1, interval());
        return Long.toString(last);
    }
}
