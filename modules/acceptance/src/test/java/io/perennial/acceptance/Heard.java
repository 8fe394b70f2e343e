package io.perennial.acceptance;

import java.util.ArrayList;
import java.util.List;

/// What one reader has got of a writer who numbers his events and says when he sent each: each once and in order, or
/// it is counted what isn't.
final class Heard {
    private static final String FILLER = "x".repeat(500);

    private final List<Long> nanos = new ArrayList<>();
    private int next;
    private int repeated;
    private int skipped;

    /// @param first the number of the first event that it is to get
    Heard(int first) {
        next = first;
    }

    /// An event as the writer sends it now.
    static String event(int number) {
        return "\"" + number + " " + System.nanoTime() + " " + FILLER + "\"";
    }

    synchronized void take(String text) {
        String[] parts = text.split(" ", 3);
        int number = Integer.parseInt(parts[0]);
        nanos.add(System.nanoTime() - Long.parseLong(parts[1]));
        // One that comes too late has been counted as skipped before, and counts as repeated now.
        repeated += number < next ? 1 : 0;
        skipped += Math.max(0, number - next);
        next = Math.max(next, number + 1);
    }

    synchronized int next() {
        return next;
    }

    synchronized int count() {
        return nanos.size();
    }

    synchronized boolean isPerfect() {
        return repeated == 0 && skipped == 0;
    }

    /// Of the time from the request that brought an event until it was here.
    static double p99Millis(List<Heard> readers) {
        List<Long> all = new ArrayList<>();
        readers.forEach(reader -> all.addAll(reader.copy()));
        all.sort(null);
        return all.isEmpty() ? 0 : all.get(all.size() * 99 / 100) / 1e6;
    }

    private synchronized List<Long> copy() {
        return List.copyOf(nanos);
    }

    @Override
    public synchronized String toString() {
        return nanos.size() + " events, " + skipped + " skipped, " + repeated + " repeated or late";
    }
}
