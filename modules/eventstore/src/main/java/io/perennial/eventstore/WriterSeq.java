package io.perennial.eventstore;

/// A number that writers put on their appends so that none arrives out of order (`Stream-Seq`, protocol, section 5.2).
/// Its scope is the stream: all writers share it.
public sealed interface WriterSeq {
    /// The longest value in characters.
    int LONGEST = 255;

    /// The append has none.
    record None() implements WriterSeq {}

    /// Has to be greater than every one before it, compared byte by byte: `9` is greater than `10`.
    ///
    /// @param value 1 to 255 characters of Latin-1, one byte each
    record Value(String value) implements WriterSeq {
        public Value {
            if (value.isEmpty() || value.length() > LONGEST || value.chars().anyMatch(c -> c > 0xff)) {
                throw new IllegalArgumentException("a writer's sequence has 1 to " + LONGEST + " bytes");
            }
        }
    }

    WriterSeq NONE = new None();
}
