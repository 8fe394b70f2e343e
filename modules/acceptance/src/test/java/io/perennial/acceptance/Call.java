package io.perennial.acceptance;

import java.util.List;

/// What a client asks of a stream.
sealed interface Call {
    /// On the face of sessions an append makes the stream where it isn't there, and a read says where each event is.
    enum Face {
        SESSION,
        STREAM
    }

    /// An append, a close, or both at once.
    ///
    /// @param values unique over the whole history; none for a close alone
    /// @param producer empty where the append isn't numbered
    /// @param streamSeq empty for none
    record Append(Face face, List<String> values, String producer, int seq, String streamSeq, boolean closes)
            implements Call {
        static Append of(Face face, String... values) {
            return new Append(face, List.of(values), "", 0, "", false);
        }

        Append numbered(String by, int number) {
            return new Append(face, values, by, number, streamSeq, closes);
        }

        Append inSequence(String sequence) {
            return new Append(face, values, producer, seq, sequence, closes);
        }

        Append closing() {
            return new Append(face, values, producer, seq, streamSeq, true);
        }
    }

    /// One page.
    ///
    /// @param from `-1`, `now` or a next offset
    record Read(Face face, String from) implements Call {}

    record Head() implements Call {}

    record Create() implements Call {}

    record Delete() implements Call {}
}
