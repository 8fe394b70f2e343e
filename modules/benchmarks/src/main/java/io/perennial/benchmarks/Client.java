package io.perennial.benchmarks;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// What one connection of a [ClosedLoop] asks, and what it makes of the answers.
interface Client {
    /// The next request, from the buffer's position to its limit. Nobody else's buffer: it may go out in pieces.
    ByteBuffer request();

    /// Takes an answer.
    ///
    /// @return whether it completes what is counted and timed; otherwise more has to be asked for it
    /// @throws ProtocolException where the answer isn't the right one
    boolean completes(Reply reply) throws ProtocolException;
}
