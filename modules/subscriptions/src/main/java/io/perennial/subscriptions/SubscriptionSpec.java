package io.perennial.subscriptions;

import io.perennial.eventstore.StreamKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// What a client asks of a subscription.
///
/// @param streams explicit ones; sorted and without repetition here, whatever was given
/// @param leaseTtl how long a worker may say nothing, 1 s to 10 min, in milliseconds
/// @param description for people; empty where there is none
public record SubscriptionSpec(
        Channel channel, Pattern pattern, List<StreamKey> streams, Duration leaseTtl, String description) {
    public static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
    public static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    /// The longest description in characters.
    public static final int LONGEST_DESCRIPTION = 4096;

    public SubscriptionSpec {
        streams = streams.stream()
                .distinct()
                .sorted(Comparator.comparing(StreamKey::path))
                .toList();
        if (streams.isEmpty() && pattern instanceof Pattern.Nothing) {
            throw new IllegalArgumentException("a subscription has a pattern, or streams, or both");
        }
        if (leaseTtl.compareTo(SHORTEST_LEASE) < 0 || leaseTtl.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("a lease (lease_ttl_ms) lasts 1 second to 10 minutes");
        }
        if (description.length() > LONGEST_DESCRIPTION) {
            throw new IllegalArgumentException("a description has at most " + LONGEST_DESCRIPTION + " characters");
        }
        if (channel instanceof Channel.PullWake(StreamKey wakeStream) && streams.contains(wakeStream)) {
            throw new IllegalArgumentException("a subscription isn't woken by its own wake stream");
        }
    }

    /// Whether the pattern finds this stream. The wake stream is not found by its own subscription, which would wake
    /// itself for ever.
    boolean finds(StreamKey stream) {
        boolean isWakeStream = channel instanceof Channel.PullWake(StreamKey wakeStream) && wakeStream.equals(stream);
        return !isWakeStream && pattern.matches(stream);
    }
}
