package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final ModuleDescriptor MODULE =
            PerennialRouting.class.getModule().getDescriptor();

    @Test
    void it_exports_its_one_package_to_everyone() {
        assertEquals("io.perennial.http", MODULE.name());
        assertEquals(
                Set.of("io.perennial.http"),
                MODULE.exports().stream().map(Exports::toString).collect(Collectors.toSet()));
        assertEquals(Set.of(), MODULE.opens());
        assertEquals(Set.of(), MODULE.uses());
        assertEquals(Set.of(), Set.copyOf(MODULE.provides()));
    }

    @Test
    void it_requires_a_server_to_be_part_of_and_what_it_routes_to() {
        assertEquals(
                Set.of(
                        "io.helidon.webserver",
                        "io.perennial.access",
                        "io.perennial.bus",
                        "io.perennial.eventstore",
                        "io.perennial.registry",
                        "io.perennial.subscriptions"),
                required(Requires.Modifier.TRANSITIVE));
        assertEquals(Set.of("org.jspecify"), required(Requires.Modifier.STATIC));
        assertEquals(
                Set.of(
                        "java.base",
                        "io.helidon.common.concurrency.limits",
                        "io.helidon.common.socket",
                        "io.helidon.common.task",
                        "io.helidon.common.uri",
                        "io.helidon.http",
                        "io.helidon.http.http2",
                        "io.helidon.webserver",
                        "io.helidon.webserver.http2",
                        "io.perennial.access",
                        "io.perennial.bus",
                        "io.perennial.eventstore",
                        "io.perennial.registry",
                        "io.perennial.subscriptions",
                        "jakarta.json",
                        "org.jspecify"),
                MODULE.requires().stream().map(Requires::name).collect(Collectors.toSet()));
    }

    @Test
    void none_of_its_classes_knows_a_database() throws IOException {
        Set<String> databases = new TreeSet<>();
        ModuleReference module = PerennialRouting.class
                .getModule()
                .getLayer()
                .configuration()
                .findModule("io.perennial.http")
                .orElseThrow()
                .reference();
        try (ModuleReader reader = module.open()) {
            List<String> classes =
                    reader.list().filter(name -> name.endsWith(".class")).toList();
            assertTrue(classes.contains("io/perennial/http/AppendEvent.class"), "it looked where the classes are");
            for (String name : classes) {
                try (InputStream in = reader.open(name).orElseThrow()) {
                    databases.addAll(databases(in.readAllBytes()));
                }
            }
        }
        assertEquals(Set.of(), databases);
    }

    private static Set<String> databases(byte[] bytes) {
        Set<String> databases = new TreeSet<>();
        ClassFile.of().parse(bytes).constantPool().forEach(entry -> {
            switch (entry) {
                case ClassEntry type when isOfDatabases(type.asInternalName()) -> databases.add(type.asInternalName());
                // Descriptors name types that no instruction does.
                case Utf8Entry text
                when text.stringValue().startsWith("(") && isOfDatabases(text.stringValue()) ->
                    databases.add(text.stringValue());
                default -> {
                    // Of no interest.
                }
            }
        });
        return databases;
    }

    private static boolean isOfDatabases(String name) {
        return name.contains("java/sql/")
                || name.contains("javax/sql/")
                || name.contains("io/helidon/dbclient/")
                || name.contains("org/sqlite/");
    }

    private static Set<String> required(Requires.Modifier modifier) {
        return MODULE.requires().stream()
                .filter(required -> required.modifiers().contains(modifier))
                .map(Requires::name)
                .collect(Collectors.toSet());
    }
}
