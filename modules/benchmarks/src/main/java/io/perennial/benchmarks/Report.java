package io.perennial.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a run has found, as Markdown.
record Report(List<Figure> figures) {
    Report {
        figures = List.copyOf(figures);
    }

    String tables() {
        Map<String, List<Figure>> groups = figures.stream()
                .collect(Collectors.groupingBy(
                        figure -> figure.load().group(), LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(group -> "## " + group.getKey() + "\n\n" + table(group.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private String table(List<Figure> group) {
        Table table = new Table("load", "contender", "median", "p50", "p99", "Perennial is", "noise", "generator");
        String last = "";
        for (Figure figure : group) {
            String name = figure.load().name();
            table.row(
                    name.equals(last) ? "" : name,
                    figure.subject(),
                    figure.isMeasured()
                            ? Numbers.text(figure.median(), figure.load().unit())
                            : "failed",
                    millis(figure, 50),
                    millis(figure, 99),
                    ratio(figure),
                    figure.samples().size() > 1 ? Numbers.percent(figure.noise()) : "",
                    figure.isMeasured() ? Numbers.percent(figure.generatorShare()) : "");
            last = name;
        }
        return table.toString();
    }

    private static String millis(Figure figure, double percentile) {
        return figure.isTimed() ? Numbers.millis(figure.millisAt(percentile)) : "";
    }

    /// How much better Perennial is than another, in the same load.
    private String ratio(Figure other) {
        if (other.subject().equals(Perennial.NAME) || !other.isMeasured()) {
            return "";
        }
        return figures.stream()
                .filter(figure -> figure.load().equals(other.load()) && figure.isMeasured())
                .filter(figure -> figure.subject().equals(Perennial.NAME))
                .map(ours -> Numbers.ratio(
                        ours.load().unit().moreIsBetter()
                                ? ours.median() / other.median()
                                : other.median() / ours.median()))
                .findFirst()
                .orElse("");
    }
}
