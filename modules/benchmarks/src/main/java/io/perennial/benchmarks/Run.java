package io.perennial.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run of a plan. The contenders take turns within each load, A B C A B C, so that whatever else the machine does
/// meets all of them.
final class Run {
    private final Plan plan;
    private final Progress progress;
    private final long endNanos;

    Run(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
        this.endNanos = System.nanoTime() + plan.bound().toNanos();
    }

    Figures figures(Fleet fleet) throws IOException, InterruptedException {
        List<Running> running = new ArrayList<>();
        for (Contender contender : plan.contenders()) {
            running.add(fleet.start(contender));
        }
        for (Load load : plan.rehearsal()) {
            figures(load, running, 1);
        }
        List<Figure> figures = new ArrayList<>();
        for (Load load : plan.loads()) {
            figures.addAll(figures(load, running, plan.rounds()));
        }
        return new Figures(figures);
    }

    private List<Figure> figures(Load load, List<Running> all, int rounds) throws InterruptedException {
        Map<Running, Findings> findings = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Running running : all) {
                if (Plan.takes(load, running.contender())) {
                    progress.step(running.contender().name() + ": " + load.name());
                    findings.computeIfAbsent(running, _ -> new Findings()).add(load, running);
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

    private final class Findings {
        private final List<Sample> samples = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();

        void add(Load load, Running running) throws InterruptedException {
            if (System.nanoTime() > endNanos) {
                failures.add("left out, the time was up");
                return;
            }
            try {
                samples.add(load.run(running, plan.time()));
            } catch (IOException e) {
                // A channel that an interrupt closed says so in its own way.
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                failures.add("failed: " + reason(e));
            }
        }
    }
}
