package io.perennial.eventstore;

import java.util.List;

/// A request to make sure that a stream exists: it is created where it doesn't, and has to be as asked where it does.
///
/// @param origin what the stream begins with
/// @param lifetime unlimited for a fork stands for its source's
/// @param retention likewise
/// @param closing whether it is created closed
/// @param events the first events, none where it shall be empty; not copied, so nobody changes them; ignored where the
///     stream exists
public record Create(
        StreamKey stream,
        Origin origin,
        Lifetime lifetime,
        Retention retention,
        Append.Closing closing,
        List<byte[]> events) {
    /// What a stream begins with.
    public sealed interface Origin {}

    /// Nothing.
    public record Fresh(ContentType contentType) implements Origin {}

    /// The events of another stream below a point, which are not copied.
    ///
    /// @param at all below it is inherited; the tail stands for wherever an existing fork was made
    /// @param subOffset how much of what follows there is inherited, too: messages of a JSON stream, otherwise
    ///     bytes; not more than the append that begins there holds; 0 or more
    public record Fork(StreamKey source, ReadFrom at, long subOffset, ForkType type) implements Origin {
        public Fork {
            if (subOffset < 0) {
                throw new IllegalArgumentException("a sub-offset is 0 or more");
            }
        }
    }

    /// The content type of a fork.
    public sealed interface ForkType {
        ForkType INHERITED = new Inherited();

        /// The source's.
        record Inherited() implements ForkType {}

        /// The source's, which has to be this one.
        record Exactly(ContentType contentType) implements ForkType {}
    }

    public Create {
        events = List.copyOf(events);
    }

    /// Of a stream that keeps all.
    public Create(StreamKey stream, Origin origin, Lifetime lifetime, Append.Closing closing, List<byte[]> events) {
        this(stream, origin, lifetime, Retention.UNLIMITED, closing, events);
    }

    /// The sum of the events' bytes.
    public long bytes() {
        return events.stream().mapToLong(data -> data.length).sum();
    }
}
