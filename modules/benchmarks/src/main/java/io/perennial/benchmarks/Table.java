package io.perennial.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table that is Markdown and reads well on a terminal, too: the first column to the left, numbers to the right.
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(line(row, widths)));
        String rule = IntStream.range(0, columns)
                .mapToObj(column -> "-".repeat(widths[column] + 1) + (column == 0 ? "-" : ":"))
                .collect(Collectors.joining("|", "|", "|"));
        lines.add(1, rule);
        return String.join("\n", lines) + "\n";
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> " " + padded(row.get(column), widths[column], column) + " ")
                .collect(Collectors.joining("|", "|", "|"));
    }

    private static String padded(String cell, int width, int column) {
        String space = " ".repeat(width - cell.length());
        return column == 0 ? cell + space : space + cell;
    }
}
