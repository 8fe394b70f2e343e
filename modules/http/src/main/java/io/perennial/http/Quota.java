package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.perennial.http.CallerLimits.Rates;
import java.util.LinkedHashMap;
import java.util.Map;

/// What each of some callers has left of what they may ask for: of one kind, all with the same limits. Safe for use by
/// many threads.
///
/// At most so many are known at once. Of more, whoever was heard of the longest time ago and follows nothing is
/// forgotten, and so has everything left again.
final class Quota {
    private static final int MOST_CALLERS = 65_536;
    private static final double NANOS = 1e9;

    private final String whose;
    private final Rates rates;
    // In the order in which they were last heard of.
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Account {
        private double requests;
        private double bytes;
        private int followers;
        private long lastNanos = System.nanoTime();

        Account(Rates rates) {
            requests = rates.requestsPerSecond();
            bytes = rates.appendBytesPerSecond();
        }

        private void earn(Rates rates) {
            long now = System.nanoTime();
            double seconds = (now - lastNanos) / NANOS;
            requests = Math.min(rates.requestsPerSecond(), requests + seconds * rates.requestsPerSecond());
            bytes = Math.min(rates.appendBytesPerSecond(), bytes + seconds * rates.appendBytesPerSecond());
            lastNanos = now;
        }
    }

    /// @param whose quota it is, for the error
    Quota(String whose, Rates rates) {
        this.whose = whose;
        this.rates = rates;
    }

    boolean isBounded() {
        return !rates.equals(Rates.NONE);
    }

    private Account account(String caller) {
        Account account = accounts.computeIfAbsent(caller, _ -> new Account(rates));
        account.earn(rates);
        if (accounts.size() > MOST_CALLERS) {
            accounts.values().stream()
                    .filter(other -> other.followers == 0)
                    .findFirst()
                    .ifPresent(idle -> accounts.values().remove(idle));
        }
        return account;
    }

    /// One more request.
    ///
    /// @throws ProblemException 429
    void request(String caller) {
        if (rates.requestsPerSecond() == 0) {
            // Without the lock, for which all requests would queue.
            return;
        }
        synchronized (this) {
            Account account = account(caller);
            if (account.requests < 1) {
                throw exceeded(
                        rates.requestsPerSecond() + " requests a second",
                        (1 - account.requests) / rates.requestsPerSecond());
            }
            account.requests--;
        }
    }

    /// So many more bytes of a body. A larger one than a second allows has to be paid back, by waiting.
    ///
    /// @throws ProblemException 429
    synchronized void append(String caller, int bytes) {
        if (rates.appendBytesPerSecond() > 0 && bytes > 0) {
            Account account = account(caller);
            if (account.bytes <= 0) {
                throw exceeded(
                        rates.appendBytesPerSecond() + " bytes a second",
                        -account.bytes / rates.appendBytesPerSecond());
            }
            account.bytes -= bytes;
        }
    }

    /// One more follower, who has to be [#leave]d.
    ///
    /// @throws ProblemException 429
    synchronized void follow(String caller) {
        if (rates.followers() > 0) {
            Account account = account(caller);
            if (account.followers >= rates.followers()) {
                throw exceeded(rates.followers() + " live answers at once", 1);
            }
            account.followers++;
        }
    }

    synchronized void leave(String caller) {
        if (rates.followers() > 0) {
            account(caller).followers--;
        }
    }

    private ProblemException exceeded(String limit, double seconds) {
        return new ProblemException(
                Problem.of(Status.TOO_MANY_REQUESTS_429, "TooManyRequests", whose + " may ask for " + limit)
                        .with(HeaderNames.RETRY_AFTER, (long) Math.max(1, Math.ceil(seconds))));
    }
}
