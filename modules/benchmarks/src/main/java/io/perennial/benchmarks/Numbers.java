package io.perennial.benchmarks;

import java.util.Locale;

/// How figures are written: three digits that count.
final class Numbers {
    private static final double KILO = 1000;

    private Numbers() {}

    static String text(double value, Load.Unit unit) {
        return switch (unit) {
            case PER_SECOND -> rounded(value) + "/s";
            case MILLIS -> millis(value);
            case BYTES -> bytes(value);
        };
    }

    static String millis(double millis) {
        return rounded(millis) + " ms";
    }

    /// Of one figure to another.
    static String ratio(double ratio) {
        if (!Double.isFinite(ratio)) {
            return "-";
        }
        return rounded(ratio) + " x";
    }

    static String percent(double part) {
        return String.format(Locale.ROOT, "%.0f %%", part * 100);
    }

    private static String bytes(double bytes) {
        if (bytes < KILO) {
            return rounded(bytes) + " B";
        }
        return bytes < KILO * KILO ? rounded(bytes / KILO) + " kB" : rounded(bytes / (KILO * KILO)) + " MB";
    }

    static String rounded(double value) {
        double size = Math.abs(value);
        if (size >= KILO) {
            double unit = Math.pow(10, Math.floor(Math.log10(size)) - 2);
            return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
        }
        String form = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, value);
    }
}
