package io.perennial.http;

import java.time.Duration;
import java.util.List;

/// The bounds of what a client may ask for.
///
/// @param pageBytes the bytes of events after which a catch-up answer ends; at least one event is always in it
/// @param bodyLimitBytes the longest request body
/// @param heartbeat how long a live answer may say nothing
/// @param followers how many live answers there may be at once, long-polls included; one more is answered 503
/// @param longPollWait how long a long-poll waits for something to say
/// @param sseLifetime after how long an SSE answer of the protocol's face ends, so that its client connects again; less
///     by up to a tenth, so that not all come back at once
/// @param allowedOrigins the origins whose pages may use the streams beside the server's own, such as
///     `https://app.example`; `localhost` for those of this machine, `*` for all
public record HttpConfig(
        int pageBytes,
        int bodyLimitBytes,
        Duration heartbeat,
        int followers,
        Duration longPollWait,
        Duration sseLifetime,
        List<String> allowedOrigins) {
    /// 1 MiB, 4 MiB, 15 s, 10,000, 30 s, 60 s, this machine's origins.
    public static final HttpConfig DEFAULTS = new HttpConfig(
            1024 * 1024,
            4 * 1024 * 1024,
            Duration.ofSeconds(15),
            10_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            List.of("localhost"));

    public HttpConfig {
        allowedOrigins = List.copyOf(allowedOrigins);
        boolean areTimesPositive = heartbeat.isPositive() && longPollWait.isPositive() && sseLifetime.isPositive();
        if (pageBytes < 1 || bodyLimitBytes < 1 || followers < 1 || !areTimesPositive) {
            throw new IllegalArgumentException("every bound is positive");
        }
    }
}
