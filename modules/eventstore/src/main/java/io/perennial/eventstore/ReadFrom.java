package io.perennial.eventstore;

/// Where a read begins.
public sealed interface ReadFrom {
    /// The earliest event that the stream still holds. Spelt `-1`.
    record Start() implements ReadFrom {
        @Override
        public boolean moves() {
            return false;
        }
    }

    /// The first event at this offset or after it. One beyond the tail counts as the tail.
    record At(Offset offset) implements ReadFrom {
        @Override
        public boolean moves() {
            return false;
        }
    }

    /// The tail at the moment of the read. Spelt `now`.
    record Tail() implements ReadFrom {
        @Override
        public boolean moves() {
            return true;
        }
    }

    /// The last so many events at the moment of the read; all of them where there are fewer.
    ///
    /// @param events 1 to [#MOST]
    record Last(int events) implements ReadFrom {
        /// 10,000.
        public static final int MOST = 10_000;

        public Last {
            if (events < 1 || events > MOST) {
                throw new IllegalArgumentException(
                        "the last " + events + " events: 1 to " + MOST + " can be asked for");
            }
        }

        @Override
        public boolean moves() {
            return true;
        }
    }

    ReadFrom START = new Start();
    ReadFrom TAIL = new Tail();

    /// Whether it is another place once more has been appended.
    boolean moves();

    /// Reads `-1`, `now` or an offset.
    ///
    /// @throws MalformedOffsetException where the text is none of them
    static ReadFrom parse(String text) {
        return switch (text) {
            case "-1" -> START;
            case "now" -> TAIL;
            default -> new At(Offset.parse(text));
        };
    }
}
