package io.perennial.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.benchmarks.Bar.Goal.AtLeast;
import io.perennial.benchmarks.Bar.Goal.AtMost;
import io.perennial.benchmarks.Measure.Ratio;
import io.perennial.benchmarks.Measure.ToDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final Bar BAR =
            new Bar("ours", new Ratio(Loads.NOW, Floor.NAME), new AtLeast(0.7), new AtLeast(0.9));

    @Test
    void a_bar_says_how_far_it_was_reached() {
        assertEquals("missed", verdict(69, 100));
        assertEquals("met", verdict(70, 100));
        assertEquals("aim met", verdict(90, 100));
    }

    @Test
    void a_bar_whose_load_failed_is_not_met() {
        Figure failed = new Figure(Loads.NOW, Perennial.NAME, List.of(), List.of("no answer"));
        assertEquals("not measured", BAR.row(new Figures(List.of(failed, figure(Floor.NAME, 100))))[4]);
    }

    @Test
    void a_durable_append_that_beats_the_disk_meets_nothing() {
        Figure disk = new Figure(Loads.DISK, Disk.SUBJECT, List.of(timed(200)), List.of());
        Figure ours = new Figure(Loads.LONE_APPEND, Perennial.NAME, List.of(timed(100)), List.of());
        Bar bar = new Bar("p50", new ToDisk(Loads.LONE_APPEND), new AtMost(2), new AtMost(1.4));
        assertEquals("implausible", bar.row(new Figures(List.of(disk, ours)))[4]);
    }

    private static Sample timed(long nanos) {
        Sample sample = Sample.of(1, 0);
        sample.latency().recordValue(nanos);
        return sample;
    }

    @Test
    void a_figure_is_the_median_of_its_rounds() {
        assertEquals(20, figure("any", 10, 20, 90).median());
        assertEquals(15, figure("any", 10, 20).median());
        assertEquals(4, figure("any", 10, 20, 90).noise());
    }

    @Test
    void failures_are_in_the_report_and_every_group_has_its_plot(@TempDir Path folder) throws Exception {
        Figure failed = new Figure(Loads.NOW, Reference.FILES, List.of(), List.of("failed: an answer <500>"));
        Report report = new Report(
                new Machine(Map.of("machine", "any")),
                new Plan(List.of(Loads.NOW), List.of(), List.of(), 1, Duration.ofSeconds(1), Duration.ZERO),
                new Figures(List.of(figure(Perennial.NAME, 1234567), failed)));
        String text = Files.readString(report.write(folder));
        assertTrue(text.contains("1,230,000/s"), text);
        assertTrue(text.contains("reference (files): failed: an answer <500>"), text);
        assertTrue(text.contains("![Reads at the end](reads-at-the-end.svg)"), text);
        assertTrue(Files.readString(folder.resolve("reads-at-the-end.svg")).contains(">none</text>"));
    }

    private static String verdict(double ours, double floor) {
        return BAR.row(new Figures(List.of(figure(Perennial.NAME, ours), figure(Floor.NAME, floor))))[4];
    }

    private static Figure figure(String subject, double... values) {
        List<Sample> samples =
                Arrays.stream(values).mapToObj(value -> Sample.of(value, 0.1)).toList();
        return new Figure(Loads.NOW, subject, samples, List.of());
    }
}
