package io.perennial.benchmarks;

import java.util.List;
import org.HdrHistogram.Histogram;

/// What a load made of a contender, over all rounds.
///
/// @param subject who was measured
/// @param failures what went wrong, instead of a sample
record Figure(Load load, String subject, List<Sample> samples, List<String> failures) {
    private static final double MILLI = 1e-6;

    Figure {
        samples = List.copyOf(samples);
        failures = List.copyOf(failures);
    }

    boolean isMeasured() {
        return !samples.isEmpty();
    }

    /// In the load's unit.
    double median() {
        double[] values = samples.stream().mapToDouble(Sample::value).sorted().toArray();
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }

    /// How far the rounds lie apart, as a part of the median.
    double noise() {
        double[] values = samples.stream().mapToDouble(Sample::value).sorted().toArray();
        return (values[values.length - 1] - values[0]) / median();
    }

    /// How many times as good it is.
    double betterThan(Figure other) {
        return load.unit().moreIsBetter() ? median() / other.median() : other.median() / median();
    }

    boolean isTimed() {
        return samples.stream().anyMatch(sample -> sample.latency().getTotalCount() > 0);
    }

    /// Of all rounds together.
    double millisAt(double percentile) {
        Histogram all = Sample.histogram();
        samples.forEach(sample -> all.add(sample.latency()));
        return all.getValueAtPercentile(percentile) * MILLI;
    }

    double generatorShare() {
        return samples.stream().mapToDouble(Sample::generatorShare).average().orElse(0);
    }

    /// What a reader has to know beside it, each thing once.
    List<String> remarks() {
        return samples.stream()
                .map(Sample::remark)
                .filter(remark -> !remark.isEmpty())
                .distinct()
                .toList();
    }
}
