package io.perennial.benchmarks;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything that a run has found, in the order it was measured.
record Figures(List<Figure> all) {
    Figures {
        all = List.copyOf(all);
    }

    /// By the heading that the report has for them.
    Map<String, List<Figure>> groups() {
        return all.stream()
                .collect(Collectors.groupingBy(
                        figure -> figure.load().group(), LinkedHashMap::new, Collectors.toList()));
    }

    /// Empty where it wasn't measured, or failed.
    Optional<Figure> measured(Load load, String subject) {
        return all.stream()
                .filter(figure -> figure.load().equals(load) && figure.subject().equals(subject))
                .filter(Figure::isMeasured)
                .findFirst();
    }

    boolean isWhole() {
        return all.stream().allMatch(figure -> figure.failures().isEmpty());
    }

    /// How far the rounds lie apart, in a sentence.
    String noise() {
        List<Figure> repeated =
                all.stream().filter(figure -> figure.samples().size() > 1).toList();
        if (repeated.isEmpty()) {
            return "unknown, with one round";
        }
        Figure worst =
                repeated.stream().max(Comparator.comparingDouble(Figure::noise)).orElseThrow();
        double[] sorted = repeated.stream().mapToDouble(Figure::noise).sorted().toArray();
        return "rounds of one figure lie " + Numbers.percent(sorted[sorted.length / 2]) + " apart at the median, and "
                + Numbers.percent(worst.noise()) + " at most (" + worst.load().name() + ", " + worst.subject() + ")";
    }
}
