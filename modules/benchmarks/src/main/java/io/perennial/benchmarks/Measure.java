package io.perennial.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The one number of a run that a [Bar] is about.
sealed interface Measure {
    /// Empty where the run didn't measure it.
    OptionalDouble in(Figures figures);

    /// How such a number is written.
    String text(double number);

    /// Whether it can be at all. Where it can't, something else had the machine meanwhile.
    default boolean isPlausible(double number) {
        return true;
    }

    private static OptionalDouble number(Optional<Double> number) {
        return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    /// Perennial's median.
    record Median(Load load) implements Measure {
        @Override
        public OptionalDouble in(Figures figures) {
            return number(figures.measured(load, Perennial.NAME).map(Figure::median));
        }

        @Override
        public String text(double number) {
            return Numbers.text(number, load.unit());
        }
    }

    /// How many times as good one contender is as another.
    record Ratio(Load load, String one, String other) implements Measure {
        /// Perennial as it is.
        Ratio(Load load, String other) {
            this(load, Perennial.NAME, other);
        }

        @Override
        public OptionalDouble in(Figures figures) {
            return number(figures.measured(load, one)
                    .flatMap(ours -> figures.measured(load, other).map(ours::betterThan)));
        }

        @Override
        public String text(double number) {
            return Numbers.ratio(number);
        }
    }

    /// How many times as long as the disk Perennial takes, at the median of each.
    record ToDisk(Load load) implements Measure {
        @Override
        public OptionalDouble in(Figures figures) {
            return number(figures.measured(load, Perennial.NAME)
                    .flatMap(ours -> figures.measured(Loads.DISK, Disk.SUBJECT)
                            .map(disk -> ours.millisAt(50) / disk.millisAt(50))));
        }

        // Nobody is durable before the disk is.
        @Override
        public boolean isPlausible(double number) {
            return number >= 1;
        }

        @Override
        public String text(double number) {
            return Numbers.ratio(number);
        }
    }

    /// The worst of some loads, as a part of the first: 1 where all are as good.
    record Flat(List<Load> loads) implements Measure {
        public Flat {
            loads = List.copyOf(loads);
        }

        @Override
        public OptionalDouble in(Figures figures) {
            List<Figure> all = loads.stream()
                    .flatMap(load -> figures.measured(load, Perennial.NAME).stream())
                    .toList();
            return all.size() < loads.size()
                    ? OptionalDouble.empty()
                    : all.stream()
                            .mapToDouble(figure -> figure.betterThan(all.getFirst()))
                            .min();
        }

        @Override
        public String text(double number) {
            return Numbers.ratio(number);
        }
    }
}
