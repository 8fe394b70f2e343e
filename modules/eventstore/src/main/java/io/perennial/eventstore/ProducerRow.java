package io.perennial.eventstore;

/// What is known of a producer on one stream: its epoch, and the greatest sequence number accepted in it.
sealed interface ProducerRow {
    record Unknown() implements ProducerRow {}

    record Known(long epoch, long seq) implements ProducerRow {}

    ProducerRow UNKNOWN = new Unknown();
}
