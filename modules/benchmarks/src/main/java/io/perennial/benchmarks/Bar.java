package io.perennial.benchmarks;

import java.util.OptionalDouble;

/// What Perennial holds itself to, in one load.
///
/// @param least has to be reached
/// @param aim is what we would like
record Bar(String what, Measure measure, Goal least, Goal aim) {
    /// A line of the report.
    String[] row(Figures figures) {
        OptionalDouble found = measure.in(figures);
        return new String[] {
            what,
            found.isPresent() ? measure.text(found.getAsDouble()) : "",
            least.text(measure),
            aim.text(measure),
            found.isPresent() ? verdict(found.getAsDouble()) : "not measured"
        };
    }

    private String verdict(double number) {
        if (!measure.isPlausible(number)) {
            return "implausible";
        }
        if (!least.isMet(number)) {
            return "missed";
        }
        if (aim instanceof Goal.None) {
            return "met";
        }
        return aim.isMet(number) ? "aim met" : least instanceof Goal.None ? "aim missed" : "met";
    }

    /// A bound.
    sealed interface Goal {
        boolean isMet(double number);

        String text(Measure measure);

        record AtLeast(double bound) implements Goal {
            @Override
            public boolean isMet(double number) {
                return number >= bound;
            }

            @Override
            public String text(Measure measure) {
                return ">= " + measure.text(bound);
            }
        }

        record AtMost(double bound) implements Goal {
            @Override
            public boolean isMet(double number) {
                return number <= bound;
            }

            @Override
            public String text(Measure measure) {
                return "<= " + measure.text(bound);
            }
        }

        /// None.
        record None() implements Goal {
            @Override
            public boolean isMet(double number) {
                return true;
            }

            @Override
            public String text(Measure measure) {
                return "";
            }
        }
    }
}
