package io.perennial.eventstore;

/// Who appends, as far as the store needs to know in order to store a retry only once (protocol, section 5.2.1).
public sealed interface Producer {
    /// The greatest epoch and sequence number: 2^53 - 1, the greatest integer that every JSON reader keeps exact.
    long GREATEST = (1L << 53) - 1;

    /// The longest producer id in characters.
    int LONGEST_ID = 255;

    /// Nobody in particular: each append is a new one.
    record Anonymous() implements Producer {}

    /// A producer that numbers its appends.
    ///
    /// @param id 1 to 255 characters, chosen by the producer, the same across its restarts
    /// @param epoch 0 to 2^53 - 1; a greater one fences off whoever writes under a lesser one
    /// @param seq 0 to 2^53 - 1; the number of the append within its epoch, from 0, without a gap
    record Idempotent(String id, long epoch, long seq) implements Producer {
        public Idempotent {
            if (id.isEmpty() || id.length() > LONGEST_ID) {
                throw new IllegalArgumentException("a producer's id has 1 to " + LONGEST_ID + " characters");
            }
            if (epoch < 0 || epoch > GREATEST || seq < 0 || seq > GREATEST) {
                throw new IllegalArgumentException("a producer's epoch and sequence number are 0 to " + GREATEST);
            }
        }
    }

    Producer ANONYMOUS = new Anonymous();
}
