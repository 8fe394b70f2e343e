package io.perennial.access;

import io.perennial.eventstore.StreamGlob;
import java.util.Arrays;
import java.util.stream.Collectors;

/// One permission over one set of paths, such as `read:sessions/**`.
public record Grant(Permission permission, StreamGlob paths) {
    private static final String PERMISSIONS =
            Arrays.stream(Permission.values()).map(Permission::text).collect(Collectors.joining(", "));

    /// Reads `permission:paths`.
    ///
    /// @throws IllegalArgumentException where the text is something else, which the message says
    public static Grant parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' is no permission such as read:sessions/**");
        }
        String name = text.substring(0, colon);
        Permission permission = Permission.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "': there is no permission " + name + ", only " + PERMISSIONS));
        try {
            return new Grant(permission, new StreamGlob(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }

    /// As [#parse] takes it.
    public String text() {
        return permission.text() + ":" + paths.text();
    }
}
