package io.perennial.http;

/// The kinds of answers that stay open, or wait.
public enum LiveKind {
    /// `GET /v1/stream/{path}?live=sse`.
    SSE,
    /// `GET /v1/stream/{path}?live=long-poll`.
    LONG_POLL,
    /// `GET /stream/events?live=true`.
    SESSION,
    /// `GET /event`.
    BUS
}
