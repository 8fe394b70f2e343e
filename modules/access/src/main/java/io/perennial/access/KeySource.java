package io.perennial.access;

/// Where the issuer's keys come from. Safe for use by many threads.
interface KeySource {
    /// Those that are trusted now.
    KeySet keys();

    /// Looks whether they have changed, or lets somebody look. Called about twice a second; doesn't wait.
    void refresh();

    /// Somebody has a token of which no key is known: the newest may not be here yet. May wait for a moment.
    void lookAgain();
}
