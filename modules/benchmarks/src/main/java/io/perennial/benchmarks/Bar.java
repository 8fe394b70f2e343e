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
        String verdict = "not measured";
        if (found.isPresent()) {
            double number = found.getAsDouble();
            String reached = aim instanceof Goal.None ? "met" : "aim met";
            verdict = !least.isMet(number) ? "missed" : aim.isMet(number) ? reached : "met";
        }
        return new String[] {
            what,
            found.isPresent() ? measure.text(found.getAsDouble()) : "",
            least.text(measure),
            aim.text(measure),
            verdict
        };
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
                return "from " + measure.text(bound);
            }
        }

        record AtMost(double bound) implements Goal {
            @Override
            public boolean isMet(double number) {
                return number <= bound;
            }

            @Override
            public String text(Measure measure) {
                return "to " + measure.text(bound);
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
