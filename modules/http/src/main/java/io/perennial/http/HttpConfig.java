package io.perennial.http;

import java.time.Duration;

/// The bounds of what a client may ask for.
///
/// @param pageBytes the bytes of events after which a catch-up answer ends; at least one event is always in it
/// @param bodyLimitBytes the longest request body
/// @param heartbeat how long a live answer may say nothing
/// @param followers how many live answers there may be at once; one more is answered 503
public record HttpConfig(int pageBytes, int bodyLimitBytes, Duration heartbeat, int followers) {
    /// 1 MiB, 4 MiB, 15 s, 10,000.
    public static final HttpConfig DEFAULTS =
            new HttpConfig(1024 * 1024, 4 * 1024 * 1024, Duration.ofSeconds(15), 10_000);

    public HttpConfig {
        if (pageBytes < 1 || bodyLimitBytes < 1 || followers < 1 || !heartbeat.isPositive()) {
            throw new IllegalArgumentException("every bound is positive");
        }
    }
}
