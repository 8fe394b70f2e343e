import org.jspecify.annotations.NullMarked;

/// Publish and subscribe inside one process.
///
/// A publisher names a topic; subscribers of that topic, and subscribers of everything, receive what is published
/// from then on. What waits for slow subscribers is kept in one bounded window for the whole bus, and whoever falls
/// behind that window is told so.
///
/// This module will never know storage or HTTP: a message is whatever its publisher says it is.
@NullMarked
module io.perennial.bus {
    requires static org.jspecify;

    exports io.perennial.bus;
}
