package io.perennial.eventstore;

/// Makes the bytes of a page for one wire format.
@FunctionalInterface
public interface PageEncoder {
    /// Depends on nothing but the page: the answer may be kept and shared.
    byte[] encode(Page page);
}
