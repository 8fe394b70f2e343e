package io.perennial.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run of a plan. The contenders take turns within each load, A B C A B C, so that whatever else the machine does
/// meets all of them.
final class Run {
    private static final Duration REHEARSAL = Duration.ofSeconds(1);

    private final Plan plan;
    private final Progress progress;

    Run(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    Figures figures(Fleet fleet) throws IOException, InterruptedException {
        List<Running> running = new ArrayList<>();
        for (Contender contender : plan.contenders()) {
            running.add(fleet.start(contender));
        }
        rehearse(running);
        List<Figure> figures = new ArrayList<>();
        for (Load load : plan.loads()) {
            figures.addAll(figures(load, running));
        }
        return new Figures(figures);
    }

    // The generator's own code is slow at first, which would be the first contender's loss.
    private void rehearse(List<Running> all) throws InterruptedException {
        Load first = plan.loads().getFirst();
        for (Running running : all) {
            if (first.takes(running.contender())) {
                new Findings().add(first, running, REHEARSAL);
            }
        }
    }

    private List<Figure> figures(Load load, List<Running> all) throws InterruptedException {
        Map<Running, Findings> findings = new LinkedHashMap<>();
        for (int round = 0; round < plan.rounds(); round++) {
            for (Running running : all) {
                if (load.takes(running.contender())) {
                    progress.step(running.contender().name() + ": " + load.name());
                    findings.computeIfAbsent(running, _ -> new Findings()).add(load, running, plan.time());
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        findings.forEach((running, found) ->
                figures.add(new Figure(load, load.subject(running.contender()), found.samples, found.failures)));
        return figures;
    }

    static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static final class Findings {
        private final List<Sample> samples = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        void add(Load load, Running running, Duration time) throws InterruptedException {
            try {
                samples.add(load.run(running, time));
            } catch (IOException e) {
                failures.add(reason(e));
            }
        }
    }
}
