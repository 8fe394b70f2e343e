package io.perennial.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The bars of one group, as SVG: each load has a scale of its own, because loads differ by orders of magnitude and
/// contenders are to be compared. Dark where the reader's system is.
final class Plot {
    private static final int WIDTH = 760;
    private static final int LABEL_WIDTH = 150;
    private static final int BAR_WIDTH = 470;
    private static final int ROW = 20;
    private static final int BAR = 14;
    private static final int GAP = 12;
    private static final int MARGIN = 16;
    private static final List<String> CONTENDERS =
            List.of(Perennial.NAME, Floor.NAME, Reference.MEMORY, Reference.FILES);
    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #1f2328 }
            .title { font-size: 16px; font-weight: 600 }
            .load { font-weight: 600 }
            .paper { fill: #ffffff }
            .c0 { fill: #0b7a4b } .c1 { fill: #8c959f } .c2 { fill: #d99a1c } .c3 { fill: #b35900 } .c4 { fill: #57606a }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .paper { fill: #0d1117 }
              .c0 { fill: #3fb77f } .c1 { fill: #6e7681 } .c2 { fill: #e3b341 } .c3 { fill: #db8437 } .c4 { fill: #9198a1 }
            }
            </style>
            """;

    private final String title;
    private final List<Figure> figures;
    private final StringBuilder body = new StringBuilder();
    private int top = MARGIN;

    Plot(String title, List<Figure> figures) {
        this.title = title;
        this.figures = figures;
    }

    String svg() {
        text("title", MARGIN, ROW, title);
        top += ROW + GAP;
        List<Load> loads = new ArrayList<>();
        figures.stream().map(Figure::load).distinct().forEach(loads::add);
        loads.forEach(this::load);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
                <title>%3$s</title>
                %4$s<rect class="paper" width="%1$d" height="%2$d"/>
                %5$s</svg>
                """.formatted(WIDTH, top + MARGIN, escaped(title), STYLE, body);
    }

    private void load(Load load) {
        List<Figure> mine =
                figures.stream().filter(figure -> figure.load().equals(load)).toList();
        double most = mine.stream()
                .filter(Figure::isMeasured)
                .mapToDouble(Figure::median)
                .max()
                .orElse(1);
        text("load", MARGIN, BAR, load.name() + (load.unit().moreIsBetter() ? "" : " (less is better)"));
        top += ROW;
        for (Figure figure : mine) {
            bar(figure, most);
            top += ROW;
        }
        top += GAP;
    }

    private void bar(Figure figure, double most) {
        text("label", MARGIN, BAR - 2, figure.subject());
        int known = CONTENDERS.indexOf(figure.subject());
        double width = figure.isMeasured() && most > 0 ? BAR_WIDTH * figure.median() / most : 0;
        body.append(String.format(
                Locale.ROOT,
                "<rect class=\"c%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                known < 0 ? CONTENDERS.size() : known,
                LABEL_WIDTH,
                top,
                Math.max(1, width),
                BAR));
        String value = figure.isMeasured()
                ? Numbers.text(figure.median(), figure.load().unit())
                : "none";
        text("value", LABEL_WIDTH + (int) width + 6, BAR - 2, value);
    }

    private void text(String style, int left, int below, String text) {
        body.append(
                "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(style, left, top + below, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
