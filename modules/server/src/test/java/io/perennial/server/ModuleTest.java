package io.perennial.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ModuleTest {
    @Test
    void the_program_exports_nothing() {
        assertEquals(Set.of(), Main.class.getModule().getDescriptor().exports());
    }
}
