package io.perennial.server;

import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.Rejection;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.StoreObserver;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;

/// What the store does, counted.
final class StoreMetrics implements StoreObserver {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] APPENDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024};
    private static final double[] SECONDS = {
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };

    private final CounterDataPoint appends;
    private final CounterDataPoint events;
    private final CounterDataPoint bytes;
    private final Counter rejections;
    private final DistributionDataPoint commitAppends;
    private final DistributionDataPoint commitSeconds;
    private final CounterDataPoint pagesFromMemory;
    private final CounterDataPoint pagesFromDisk;

    /// Why an append wasn't stored.
    private enum Refusal {
        ABSENT,
        SOFT_DELETED,
        CLOSED,
        OTHER_CONTENT_TYPE,
        SEQUENCE_REGRESSED,
        STALE_EPOCH,
        EPOCH_NOT_BEGUN_AT_ZERO,
        SEQUENCE_GAP,
        QUEUE_FULL,
        DISK_FULL,
        FAILED;

        static Refusal of(Rejection reason) {
            return switch (reason) {
                case Rejection.Absent _ -> ABSENT;
                case Rejection.SoftDeleted _ -> SOFT_DELETED;
                case Rejection.Closed _ -> CLOSED;
                case Rejection.OtherContentType _ -> OTHER_CONTENT_TYPE;
                case Rejection.SequenceRegressed _ -> SEQUENCE_REGRESSED;
                case Rejection.StaleEpoch _ -> STALE_EPOCH;
                case Rejection.EpochNotBegunAtZero _ -> EPOCH_NOT_BEGUN_AT_ZERO;
                case Rejection.SequenceGap _ -> SEQUENCE_GAP;
                case Rejection.Busy _ -> QUEUE_FULL;
            };
        }
    }

    StoreMetrics(Metrics metrics) {
        appends = metrics.counter("perennial_appends_total", "Appends stored, creations with events included.");
        events = metrics.counter("perennial_appended_events_total", "Events stored.");
        bytes = metrics.counter("perennial_appended_bytes_total", "Bytes of the events stored.");
        rejections = metrics.counter(
                "perennial_append_rejections_total", "Appends that were not stored, by the reason.", "reason");
        for (Refusal refusal : Refusal.values()) {
            rejections.initLabelValues(Metrics.spelt(refusal));
        }
        commitAppends = metrics.histogram(
                "perennial_commit_appends", "Appends that share a commit, of commits that have any.", APPENDS);
        commitSeconds =
                metrics.histogram("perennial_commit_seconds", "Time of a commit with its sync to the disk.", SECONDS);
        Counter pages = metrics.counter(
                "perennial_pages_read_total", "Pages of events read, from memory or from disk.", "from");
        pagesFromMemory = pages.labelValues("memory");
        pagesFromDisk = pages.labelValues("disk");
    }

    /// Adds how the store stands.
    static void watch(Metrics metrics, EventStore store) {
        metrics.gauge(
                "perennial_append_queue_appends",
                "Appends that wait for the writer.",
                () -> store.load().queuedAppends());
        metrics.gauge(
                "perennial_append_queue_bytes",
                "Bytes of the events that wait for the writer.",
                () -> store.load().queuedBytes());
        metrics.gauge(
                "perennial_database_bytes",
                "Length of the database's file.",
                () -> store.load().databaseBytes());
        metrics.gauge(
                "perennial_wal_bytes",
                "Length of the database's write-ahead log.",
                () -> store.load().logBytes());
    }

    @Override
    public void committed(long nanos) {
        commitSeconds.observe(nanos / NANOS_PER_SECOND);
    }

    @Override
    public void appended(int appends, int events, long bytes) {
        this.appends.inc(appends);
        this.events.inc(events);
        this.bytes.inc(bytes);
        commitAppends.observe(appends);
    }

    @Override
    public void rejected(Rejection reason) {
        count(Refusal.of(reason));
    }

    @Override
    public void failed(StorageException failure) {
        count(failure instanceof StorageException.DiskFull ? Refusal.DISK_FULL : Refusal.FAILED);
    }

    private void count(Refusal refusal) {
        rejections.labelValues(Metrics.spelt(refusal)).inc();
    }

    @Override
    public void readFromMemory() {
        pagesFromMemory.inc();
    }

    @Override
    public void readFromDisk() {
        pagesFromDisk.inc();
    }
}
