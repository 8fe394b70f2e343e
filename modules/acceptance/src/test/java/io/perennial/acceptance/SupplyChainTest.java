package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the image says it is made of.
class SupplyChainTest {
    private static final Path SERVER = Image.inProject("modules/server/target");

    private static List<JsonObject> components() throws IOException {
        try (JsonReader reader = Json.createReader(
                Files.newBufferedReader(SERVER.resolve("image").resolve("sbom.cdx.json")))) {
            JsonObject bill = reader.readObject();
            assertEquals("CycloneDX", bill.getString("bomFormat"));
            assertFalse(bill.containsKey("serialNumber"), "it isn't the same each time");
            return bill.getJsonArray("components").getValuesAs(JsonObject.class);
        }
    }

    @Test
    void the_bill_of_materials_lists_every_jar_that_the_image_was_linked_from_and_no_other() throws IOException {
        Set<String> listed = components().stream()
                .map(component -> component.getString("name") + "-" + component.getString("version") + ".jar")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> linked = new TreeSet<>();
        try (Stream<Path> jars = Files.list(SERVER.resolve("modules"))) {
            jars.map(jar -> jar.getFileName().toString()).forEach(linked::add);
        }
        assertEquals(linked, listed);
        assertFalse(ModuleFinder.of(SERVER.resolve("modules")).findAll().isEmpty());
    }

    @Test
    void everything_of_others_has_a_hash_and_a_licence() throws IOException {
        for (JsonObject component : components()) {
            if (!component.getString("group").equals("io.perennial")) {
                String name = component.getString("name");
                assertFalse(component.getJsonArray("licenses").isEmpty(), name);
                assertFalse(component.getJsonArray("hashes").isEmpty(), name);
            }
        }
    }
}
