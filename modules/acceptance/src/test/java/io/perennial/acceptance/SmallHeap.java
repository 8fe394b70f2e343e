package io.perennial.acceptance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A server with little memory, whose bounds fit into it: what is kept for clients without a bound shows before long,
/// since the process ends with exit code 3 where the heap is too small.
///
/// 8 MiB for slow followers, 8 for pages, 16 for appends that wait, 32 for what is under way, and 4 MiB for itself
/// leave the better half for garbage and for the requests that are being answered.
final class SmallHeap {
    static final String VARIABLE = "PERENNIAL_JAVA_OPTS";
    static final String OPTIONS = "-Xmx256m";

    private static final List<String> BOUNDS = List.of(
            "--bus-window-bytes",
            "8388608",
            "--page-cache-bytes",
            "8388608",
            "--queued-bytes",
            "16777216",
            "--transit-bytes",
            "33554432");

    private SmallHeap() {}

    static String[] flags(String... more) {
        List<String> flags = new ArrayList<>(BOUNDS);
        flags.addAll(Arrays.asList(more));
        return flags.toArray(String[]::new);
    }
}
