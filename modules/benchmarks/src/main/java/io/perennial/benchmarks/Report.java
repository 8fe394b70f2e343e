package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a run has found, as Markdown that reads well on a terminal, too, and plots beside it.
record Report(Machine machine, Plan plan, Figures figures) {
    /// Writes `report.md` and a plot for every group.
    ///
    /// @return where the report is
    Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        StringBuilder text = new StringBuilder(summary());
        for (Map.Entry<String, List<Figure>> group : figures.groups().entrySet()) {
            String plot = group.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".svg";
            Files.writeString(folder.resolve(plot), new Plot(group.getKey(), group.getValue()).svg());
            text.append('\n').append(section(group.getKey(), group.getValue()));
            text.append("\n![").append(group.getKey()).append("](").append(plot).append(")\n");
        }
        return Files.writeString(folder.resolve("report.md"), text);
    }

    /// Without plots.
    String text() {
        return figures.groups().entrySet().stream()
                .map(group -> section(group.getKey(), group.getValue()))
                .collect(Collectors.joining("\n", summary() + "\n", ""));
    }

    private String summary() {
        StringBuilder text = new StringBuilder("# Perennial beside its peers\n\n");
        machine.facts()
                .forEach((name, fact) ->
                        text.append("- ").append(name).append(": ").append(fact).append('\n'));
        text.append("- method: %d x %s s a sample, a third of it warm-up; medians, in turn over the contenders%n"
                .formatted(plan.rounds(), Numbers.rounded(plan.time().toMillis() / 1e3)));
        text.append("- noise: ").append(figures.noise()).append("\n\n## The bars\n\n");
        Table table = new Table("load", "measured", "bar", "aim", "");
        Bars.all().forEach(bar -> table.row(bar.row(figures)));
        return text.append(table).toString();
    }

    private String section(String name, List<Figure> group) {
        Table table = new Table("load", "contender", "median", "p50", "p99", "Perennial to it", "noise", "generator");
        String last = "";
        for (Figure figure : group) {
            String load = figure.load().name();
            table.row(
                    load.equals(last) ? "" : load,
                    figure.subject(),
                    figure.isMeasured()
                            ? Numbers.text(figure.median(), figure.load().unit())
                            : "none",
                    figure.isTimed() ? Numbers.millis(figure.millisAt(50)) : "",
                    figure.isTimed() ? Numbers.millis(figure.millisAt(99)) : "",
                    ratio(figure),
                    figure.samples().size() > 1 ? Numbers.percent(figure.noise()) : "",
                    figure.generatorShare() > 0 ? Numbers.percent(figure.generatorShare()) : "");
            last = load;
        }
        return "## " + name + "\n\n" + table + notes(group);
    }

    /// How much better Perennial is in the same load.
    private String ratio(Figure other) {
        return other.subject().equals(Perennial.NAME) || !other.isMeasured()
                ? ""
                : figures.measured(other.load(), Perennial.NAME)
                        .map(ours -> Numbers.ratio(ours.betterThan(other)))
                        .orElse("");
    }

    private static String notes(List<Figure> group) {
        String notes = group.stream().flatMap(Report::notes).collect(Collectors.joining("\n"));
        return notes.isEmpty() ? "" : "\n" + notes + "\n";
    }

    private static Stream<String> notes(Figure figure) {
        String about = "- " + figure.load().name() + ", " + figure.subject() + ": ";
        return Stream.concat(
                figure.remarks().stream().map(remark -> about + remark),
                figure.failures().stream().map(failure -> about + failure));
    }
}
