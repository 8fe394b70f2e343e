package io.perennial.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE = Bus.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.bus", MODULE.name());
        assertEquals(
                Set.of("io.perennial.bus"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_requires_the_jdk_base_alone_and_its_annotations_only_to_compile() {
        assertEquals(
                Set.of("java.base", "org.jspecify"),
                MODULE.requires().stream().map(Requires::name).collect(Collectors.toSet()));
        assertTrue(MODULE.requires().stream()
                .filter(required -> required.name().equals("org.jspecify"))
                .allMatch(required -> required.modifiers().equals(Set.of(Requires.Modifier.STATIC))));
    }
}
