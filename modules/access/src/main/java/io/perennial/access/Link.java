package io.perennial.access;

import io.perennial.eventstore.StreamGlob;
import java.time.Instant;
import java.util.Optional;

/// What a signed link allows: to read some streams, for a while. For readers that can't send headers, as a browser's
/// `EventSource`.
///
/// @param paths what may be read
/// @param expires exclusive
/// @param origin whose pages alone may use it, such as `https://app.example`; anybody's where it is empty
/// @param maker [who made it][Caller#maker]: with them it ends, too
/// @param name of the maker, for logs, with its kind
public record Link(StreamGlob paths, Instant expires, Optional<String> origin, String maker, String name) {}
