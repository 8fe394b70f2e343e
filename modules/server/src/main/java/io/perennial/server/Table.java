package io.perennial.server;

import java.util.ArrayList;
import java.util.List;

/// A table for people, on standard output.
final class Table {
    private Table() {}

    static void print(List<String> heads, List<List<String>> rows) {
        int[] widths = new int[heads.size()];
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(heads);
        all.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        all.forEach(row -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
            }
            System.out.println(line.toString().stripTrailing());
        });
    }
}
