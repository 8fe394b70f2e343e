package io.perennial.bus;

/// What a subscription follows, and the key of its [Topic]: to follow everything is a topic beside the named ones.
sealed interface Interest {

    record Named(String topic) implements Interest {}

    record Everything() implements Interest {}
}
