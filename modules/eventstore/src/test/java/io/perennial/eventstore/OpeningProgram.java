package io.perennial.eventstore;

import io.perennial.bus.Bus;
import io.perennial.bus.BusLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/// Opens the store in a directory, says how that went, and holds it until its input ends.
final class OpeningProgram {
    private OpeningProgram() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (var bus = new Bus<Commit>(BusLimits.defaults(), Commit::bytes);
                EventStore store = EventStore.open(StoreConfig.of(directory), InstantSource.system(), bus)) {
            System.out.println("opened " + store.read(new StreamKey("none"), ReadFrom.START, 1));
            while (System.in.read() >= 0) {
                // Until the parent closes it.
            }
        } catch (StorageException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
