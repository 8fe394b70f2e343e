package io.perennial.http;

/// Hears of live answers: for counters.
///
/// The threads that answer call, many at once, and clients wait meanwhile: a method has to be quick, and throws
/// nothing.
public interface LiveObserver {
    /// Hears nothing.
    LiveObserver NONE = new LiveObserver() {};

    /// A client has begun to follow.
    default void begun(LiveKind kind) {}

    /// Events were handed to a follower's connection: told before they go out.
    ///
    /// @param events how many, possibly 0
    default void delivered(LiveKind kind, int events) {}

    /// A follower has gone, or its answer has ended.
    default void ended(LiveKind kind) {}
}
