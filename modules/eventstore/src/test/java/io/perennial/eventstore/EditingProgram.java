package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import io.perennial.eventstore.Document.Edit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// Edits documents until it is killed, and prints what was acknowledged: two of the same number, and of two more one
/// or the other.
final class EditingProgram {
    private EditingProgram() {}

    public static void main(String[] arguments) {
        try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                EventStore store =
                        EventStore.open(StoreConfig.of(Path.of(arguments[0])), InstantSource.system(), bus)) {
            for (int number = 0; ; number++) {
                store.edit(List.of(
                        put("a", number),
                        new Edit.Remove("c", "c" + number % 2),
                        put("c" + (number + 1) % 2, number),
                        put("b", number)));
                System.out.println(number + ".");
            }
        }
    }

    private static Edit put(String key, int number) {
        byte[] data = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        return new Edit.Put(new Document("c", key, data));
    }
}
