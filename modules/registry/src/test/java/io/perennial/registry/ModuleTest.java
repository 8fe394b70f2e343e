package io.perennial.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE = Registry.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.registry", MODULE.name());
        assertEquals(
                Set.of("io.perennial.registry"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_requires_the_face_of_json_which_is_also_its_own_and_annotations_only_to_compile() {
        assertEquals(
                Map.of(
                        "java.base", Set.of(Modifier.MANDATED),
                        "jakarta.json", Set.of(Modifier.TRANSITIVE),
                        "org.jspecify", Set.of(Modifier.STATIC)),
                MODULE.requires().stream().collect(Collectors.toMap(Requires::name, Requires::modifiers)));
    }
}
