package io.perennial.benchmarks;

import org.HdrHistogram.Histogram;

/// What one run of a load found.
///
/// @param value in the load's unit
/// @param latency in nanoseconds; empty where the load times nothing
/// @param generatorShare the part of the processor time of both, from 0 to 1, that the generator used
/// @param remark what a reader has to know beside the figure, such as lost events; empty for nothing
record Sample(double value, Histogram latency, double generatorShare, String remark) {
    private static final int DIGITS = 3;

    static Histogram histogram() {
        return new Histogram(DIGITS);
    }

    /// Without latencies.
    static Sample of(double value, double generatorShare) {
        return new Sample(value, histogram(), generatorShare, "");
    }
}
