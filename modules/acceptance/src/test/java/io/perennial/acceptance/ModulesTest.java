package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The module graph as the image has it.
class ModulesTest {
    private static final Predicate<String> HTTP = Pattern.compile(
                    "io\\.helidon\\.(webserver|webclient|http).*|java\\.net\\.http|jdk\\.httpserver")
            .asMatchPredicate();
    private static final Predicate<String> STORAGE = Pattern.compile(
                    "java\\.sql.*|org\\.xerial.*|io\\.helidon\\.dbclient.*")
            .asMatchPredicate();

    private static final Map<String, ModuleDescriptor> MODULES = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        Map<String, String> image = Map.of("java.home", Image.folder().toString());
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jrt:/"), image);
                Stream<Path> modules = Files.list(files.getPath("/modules"))) {
            for (Path module : modules.toList()) {
                try (InputStream descriptor = Files.newInputStream(module.resolve("module-info.class"))) {
                    MODULES.put(module.getFileName().toString(), ModuleDescriptor.read(descriptor));
                }
            }
        }
    }

    private static Set<String> requires(String module) {
        return MODULES.get(module).requires().stream()
                .filter(needed -> !needed.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Everything that comes along.
    private static Set<String> reaches(String module) {
        return reaches(module, _ -> true);
    }

    /// Everything that comes along but through the store, which keeps its database to itself.
    private static Set<String> reachesBesidesTheStore(String module) {
        return reaches(module, name -> !name.equals("io.perennial.eventstore"));
    }

    private static Set<String> reaches(String module, Predicate<String> isPassed) {
        Set<String> found = new TreeSet<>();
        Collection<String> fresh = requires(module);
        while (!fresh.isEmpty()) {
            found.addAll(fresh);
            fresh = fresh.stream()
                    .filter(isPassed)
                    .flatMap(next -> requires(next).stream())
                    .filter(next -> !found.contains(next))
                    .collect(Collectors.toSet());
        }
        return found;
    }

    private static List<String> ours() {
        return MODULES.keySet().stream()
                .filter(name -> name.startsWith("io.perennial."))
                .toList();
    }

    private static void assertNone(Predicate<String> unwanted, Set<String> modules) {
        assertEquals(List.of(), modules.stream().filter(unwanted).toList());
    }

    @Test
    void ours_are_these_and_all_have_the_version() {
        assertEquals(
                List.of(
                        "io.perennial.access",
                        "io.perennial.bus",
                        "io.perennial.eventstore",
                        "io.perennial.http",
                        "io.perennial.inspector",
                        "io.perennial.registry",
                        "io.perennial.server",
                        "io.perennial.subscriptions"),
                ours());
        for (String module : ours()) {
            assertEquals("0.1.0", MODULES.get(module).rawVersion().orElse("none"), module);
        }
    }

    @Test
    void every_module_is_a_named_one_and_none_is_open_or_automatic() {
        MODULES.forEach((name, descriptor) -> {
            assertEquals(name, descriptor.name());
            assertFalse(descriptor.isAutomatic(), name);
        });
        assertFalse(MODULES.containsKey("java.desktop"));
        ours().forEach(module -> assertFalse(MODULES.get(module).isOpen(), module));
    }

    @Test
    void there_is_no_cycle() {
        ours().forEach(module -> assertFalse(reaches(module).contains(module), module));
    }

    @Test
    void the_bus_knows_neither_storage_nor_http() {
        assertNone(STORAGE.or(HTTP).or(name -> name.startsWith("io.perennial.")), reaches("io.perennial.bus"));
    }

    @Test
    void the_eventstore_knows_no_http_and_of_ours_only_the_bus() {
        assertNone(HTTP, reaches("io.perennial.eventstore"));
        assertEquals(List.of("io.perennial.bus"), oursOf("io.perennial.eventstore"));
    }

    @Test
    void the_registry_knows_neither_http_nor_storage_nor_any_of_ours() {
        assertNone(HTTP.or(STORAGE), reaches("io.perennial.registry"));
        assertEquals(List.of(), oursOf("io.perennial.registry"));
    }

    @Test
    void the_subscriptions_know_no_database_and_serve_no_http() {
        assertNone(STORAGE, reachesBesidesTheStore("io.perennial.subscriptions"));
        assertNone(name -> name.startsWith("io.helidon.webserver"), reaches("io.perennial.subscriptions"));
        assertEquals(List.of("io.perennial.bus", "io.perennial.eventstore"), oursOf("io.perennial.subscriptions"));
    }

    @Test
    void the_inspector_knows_none_of_ours() {
        assertEquals(List.of(), oursOf("io.perennial.inspector"));
    }

    @Test
    void http_knows_no_database() {
        assertNone(STORAGE, requires("io.perennial.http"));
        assertNone(STORAGE, reachesBesidesTheStore("io.perennial.http"));
        assertNone(
                STORAGE,
                MODULES.get("io.perennial.eventstore").requires().stream()
                        .filter(needed -> needed.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
                        .map(ModuleDescriptor.Requires::name)
                        .collect(Collectors.toSet()));
    }

    @Test
    void the_server_exports_nothing_and_the_others_one_package_each() {
        for (String module : ours()) {
            Set<String> exported = MODULES.get(module).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
            assertEquals(module.equals("io.perennial.server") ? Set.of() : Set.of(module), exported);
        }
    }

    private static List<String> oursOf(String module) {
        return reaches(module).stream().filter(ours()::contains).toList();
    }
}
