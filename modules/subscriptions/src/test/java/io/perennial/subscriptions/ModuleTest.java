package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE =
            Subscriptions.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.subscriptions", MODULE.name());
        assertEquals(
                Set.of("io.perennial.subscriptions"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_knows_neither_a_database_nor_a_server() {
        assertEquals(
                Set.of(
                        "java.base",
                        "io.helidon.common.tls",
                        "io.helidon.http",
                        "io.helidon.webclient.api",
                        "io.helidon.webclient.http1",
                        "io.perennial.bus",
                        "io.perennial.eventstore",
                        "jakarta.json",
                        "org.jspecify"),
                MODULE.requires().stream().map(Requires::name).collect(Collectors.toSet()));
    }
}
