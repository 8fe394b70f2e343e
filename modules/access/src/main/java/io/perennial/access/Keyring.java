package io.perennial.access;

/// The keys that are trusted now, of which there is one set at a time.
final class Keyring {
    private volatile KeySet keys = KeySet.NONE;

    KeySet keys() {
        return keys;
    }

    /// From now on these are trusted and no others, nor whoever was known by others.
    synchronized void replace(KeySet fresh) {
        KeySet before = keys;
        keys = fresh.after(before);
        before.withdrawAllBut(keys);
    }
}
