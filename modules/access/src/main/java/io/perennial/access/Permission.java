package io.perennial.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What can be allowed, each over a set of paths.
public enum Permission {
    /// To read and follow streams, and to be told of them.
    READ,
    /// To append to streams, and to close them.
    APPEND,
    /// To create streams; to fork one takes [#READ] on its source.
    CREATE,
    /// To delete streams.
    DELETE,
    /// To be woken by streams, and to say how far their events are worked off.
    SUBSCRIBE,
    /// To see servers in the registry and to register them; the paths are their ids.
    REGISTRY,
    /// To operate the server; the paths are `metrics`, `health`, `backup`, `verification`, `access-links`.
    ADMIN;

    /// As it is written: in lower case.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Permission> of(String text) {
        return Arrays.stream(values())
                .filter(permission -> permission.text().equals(text))
                .findFirst();
    }
}
