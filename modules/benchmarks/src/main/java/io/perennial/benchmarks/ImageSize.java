package io.perennial.benchmarks;

import java.io.IOException;
import java.time.Duration;

/// How large Perennial's runtime image is.
record ImageSize() implements Load {
    static final String GROUP = "Sizes";

    @Override
    public String name() {
        return "runtime image";
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public Unit unit() {
        return Unit.BYTES;
    }

    @Override
    public boolean takes(Contender contender) {
        return contender instanceof Perennial;
    }

    @Override
    public Sample run(Running running, Duration time) throws IOException {
        if (running.contender() instanceof Perennial perennial) {
            return Sample.of((double) DiskUse.bytes(perennial.image()), 0);
        }
        throw new IllegalArgumentException(running.contender().name() + " has no image");
    }
}
