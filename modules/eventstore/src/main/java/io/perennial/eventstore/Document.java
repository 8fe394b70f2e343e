package io.perennial.eventstore;

/// Something small that is kept beside the streams for a module that builds on them: read whole, replaced whole. The
/// store doesn't look inside.
///
/// The bytes are shared: nobody changes them.
public final class Document {
    private static final int LONGEST_COLLECTION = 64;

    private final String collection;
    private final String key;
    private final byte[] data;

    /// @param collection what kind of document it is, 1 to 64 characters
    /// @param key unique in its collection, 1 character or more; documents are listed in the order of their keys
    /// @param data not copied
    public Document(String collection, String key, byte[] data) {
        if (collection.isEmpty() || collection.length() > LONGEST_COLLECTION || key.isEmpty()) {
            throw new IllegalArgumentException(
                    "a document's collection has 1 to " + LONGEST_COLLECTION + " characters, and its key at least one");
        }
        this.collection = collection;
        this.key = key;
        this.data = data;
    }

    public String collection() {
        return collection;
    }

    public String key() {
        return key;
    }

    /// The bytes, not a copy.
    public byte[] data() {
        return data;
    }

    /// A change to a document.
    public sealed interface Edit {
        /// Adds it, or replaces the one of the same key.
        record Put(Document document) implements Edit {}

        /// Removes it, where it is there.
        record Remove(String collection, String key) implements Edit {}
    }
}
