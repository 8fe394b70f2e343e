package io.perennial.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Keeps `Joined a` and the like.
final class RecordedChanges implements Consumer<RegistryChange> {
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();

    @Override
    public void accept(RegistryChange change) {
        changes.add(change.getClass().getSimpleName() + " " + change.lease().id());
    }

    /// Those since the last call.
    List<String> taken() {
        List<String> taken = new ArrayList<>();
        changes.drainTo(taken);
        return taken;
    }

    /// The oldest one, taken away; waits for it.
    String next() throws InterruptedException {
        String change = changes.poll(1, TimeUnit.MINUTES);
        return change == null ? "nothing within a minute" : change;
    }
}
