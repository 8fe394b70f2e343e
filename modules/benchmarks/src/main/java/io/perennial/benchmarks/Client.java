package io.perennial.benchmarks;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// What one connection of a [ClosedLoop] asks, and what it makes of the answers.
interface Client {
    /// The next request, from the buffer's position to its limit. Nobody else's buffer: it may go out in pieces.
    ByteBuffer request();

    /// Takes an answer.
    ///
    /// @throws ProtocolException where it makes the whole load worthless
    Step take(Reply reply) throws ProtocolException;

    /// What an answer does.
    enum Step {
        /// More has to be asked before there is something to count.
        MORE,
        /// It completes what is counted and timed.
        DONE,
        /// It has a status that isn't the right one, and is counted as that.
        REFUSED
    }
}
