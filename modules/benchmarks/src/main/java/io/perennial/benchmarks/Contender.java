package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/// A server that is measured.
interface Contender {
    /// What it is called in the report, such as `Perennial`.
    String name();

    Kind kind();

    /// Whether it is measured by a load that takes servers of its kind.
    default boolean joins(Load load) {
        return true;
    }

    /// Starts it, and returns once it answers.
    ///
    /// @param directory an empty one for its data, which the caller removes
    Running start(Path directory) throws IOException, InterruptedException;

    /// What it speaks.
    enum Kind {
        /// The Durable Streams protocol, acknowledging only what is on disk.
        DURABLE,
        /// The Durable Streams protocol, in memory alone.
        MEMORY,
        /// No protocol: POST to any path is 204, GET is a body of fixed size. What HTTP costs in the same runtime.
        FLOOR
    }
}
