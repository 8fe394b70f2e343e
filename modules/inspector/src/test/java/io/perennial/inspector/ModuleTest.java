package io.perennial.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE =
            InspectorPage.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.inspector", MODULE.name());
        assertEquals(
                Set.of("io.perennial.inspector"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_requires_a_server_to_be_part_of_and_none_of_ours() {
        assertEquals(
                Set.of("java.base", "io.helidon.http", "io.helidon.webserver", "org.jspecify"),
                MODULE.requires().stream().map(Requires::name).collect(Collectors.toSet()));
    }
}
