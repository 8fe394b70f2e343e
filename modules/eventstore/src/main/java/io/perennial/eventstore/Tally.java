package io.perennial.eventstore;

import java.util.List;

/// What the appends of one group come to, for the observer.
final class Tally {
    private int appends;
    private int events;
    private long bytes;

    /// Counts one append: also where it only closed a stream.
    void count(List<byte[]> added) {
        appends++;
        events += added.size();
        for (byte[] data : added) {
            bytes += data.length;
        }
    }

    /// Tells of it, where there was any.
    void report(StoreObserver observer) {
        if (appends > 0) {
            observer.appended(appends, events, bytes);
        }
    }
}
