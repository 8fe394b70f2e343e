package io.perennial.http;

import java.util.List;

/// How much one caller may ask for: each token, and each address, for itself. What is beyond is 429 with `Retry-After`.
///
/// @param tokens of each token, link or other name
/// @param addresses of each address, whoever calls from there: of IPv6 of each /64, all of which one host has
/// @param proxies the addresses, or networks such as `10.0.0.0/8`, that are believed what they say of whom they call
///     for (`Forwarded`, `X-Forwarded-For`)
public record CallerLimits(Rates tokens, Rates addresses, List<String> proxies) {
    public static final CallerLimits NONE = new CallerLimits(Rates.NONE, Rates.NONE, List.of());

    /// What is allowed; 0 is no limit.
    ///
    /// @param requestsPerSecond on average; at once as many as in a second
    /// @param appendBytesPerSecond of bodies that are appended, likewise; a larger body is taken, and counted
    /// @param followers live answers at once, long-polls included
    public record Rates(int requestsPerSecond, int appendBytesPerSecond, int followers) {
        public static final Rates NONE = new Rates(0, 0, 0);

        public Rates {
            if (requestsPerSecond < 0 || appendBytesPerSecond < 0 || followers < 0) {
                throw new IllegalArgumentException("a limit is not negative");
            }
        }
    }

    /// @throws IllegalArgumentException where a proxy is neither an address nor a network
    public CallerLimits {
        proxies = List.copyOf(proxies);
        proxies.forEach(Network::parse);
    }
}
