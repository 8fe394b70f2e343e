package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE = EventStore.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.eventstore", MODULE.name());
        assertEquals(
                Set.of("io.perennial.eventstore"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_requires_the_bus_in_its_face_and_the_database_and_ulids_behind_it() {
        assertEquals(Set.of("io.perennial.bus"), required(Set.of(Requires.Modifier.TRANSITIVE)));
        assertEquals(Set.of("org.jspecify"), required(Set.of(Requires.Modifier.STATIC)));
        assertEquals(Set.of("java.base"), required(Set.of(Requires.Modifier.MANDATED)));
        assertEquals(
                Set.of(
                        "com.github.f4b6a3.ulid",
                        "io.helidon.dbclient",
                        "io.helidon.dbclient.jdbc",
                        "java.sql",
                        "org.xerial.sqlitejdbc"),
                required(Set.of()));
    }

    private static Set<String> required(Set<Requires.Modifier> modifiers) {
        return MODULE.requires().stream()
                .filter(required -> required.modifiers().equals(modifiers))
                .map(Requires::name)
                .collect(Collectors.toSet());
    }
}
