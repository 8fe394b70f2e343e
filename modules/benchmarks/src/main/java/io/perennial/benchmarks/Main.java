package io.perennial.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `bin/benchmark`: the command line. Exit codes: 0 measured, 1 something wasn't measured, 2 the command line is wrong.
@Command(
        name = "benchmark",
        sortOptions = false,
        description = "Measures Perennial beside the reference server and Helidon's floor.")
final class Main implements Callable<Integer> {
    private static final Duration QUICK = Duration.ofMillis(1200);
    private static final Duration QUICK_BOUND = Duration.ofSeconds(100);

    /// What a sample may take besides, at the mean: its streams, a look whether everything is there.
    private static final Duration OVERHEAD = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--image", paramLabel = "DIR", description = "Perennial's runtime image.")
    private Path image = home().resolve("modules/server/target/image");

    @Option(names = "--rounds", paramLabel = "N", description = "How often everything is measured: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--seconds", paramLabel = "N", description = "How long a sample takes: ${DEFAULT-VALUE}.")
    private int seconds = 3;

    @Option(names = "--quick", description = "A first look in under two minutes: fewer loads, one round.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "REGEX", description = "Only loads whose name it finds something in.")
    private String only = "";

    @Option(names = "--against", paramLabel = "NAME", arity = "1..*", description = "Only these beside Perennial.")
    private List<String> against = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the report goes: ${DEFAULT-VALUE}.")
    private Path out = home().resolve("modules/benchmarks/report");

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Main());
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("This.")
                        .build());
        command.setParameterExceptionHandler((e, _) -> {
            System.err.println("benchmark: " + Run.reason(e).lines().findFirst().orElse(""));
            return CommandLine.ExitCode.USAGE;
        });
        command.setExecutionExceptionHandler((e, _, _) -> {
            if (!(e instanceof InterruptedException)) {
                System.err.println("benchmark: " + Run.reason(e));
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Plan plan = plan();
        Machine machine = Machine.look(home(), image);
        Report report;
        try (Fleet fleet = new Fleet(home().resolve("modules/benchmarks/target/data"));
                Progress progress = Progress.of(plan.samples() + plan.rehearsals())) {
            report = new Report(machine, plan, new Run(plan, progress).figures(fleet));
        }
        System.out.println(report.text());
        System.out.println("With plots: " + report.write(out));
        return report.figures().isWhole() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Plan plan() {
        if (!Files.isExecutable(image.resolve("bin/perennial"))) {
            throw wrong("there is no image in " + image + ": bin/build-image makes one");
        }
        if (rounds < 1 || seconds < 1) {
            throw wrong("--rounds and --seconds are at least 1");
        }
        List<Load> loads = (quick ? Loads.quick() : Loads.all())
                .stream().filter(load -> only().matcher(load.name()).find()).toList();
        if (loads.isEmpty()) {
            throw wrong("--only " + only + " leaves no load");
        }
        if (quick) {
            return new Plan(loads, List.of(Loads.MANY_APPENDS), contenders(), 1, QUICK, QUICK_BOUND);
        }
        Duration time = Duration.ofSeconds(seconds);
        Plan plan = new Plan(loads, Loads.rehearsal(), contenders(), rounds, time, Duration.ZERO);
        return plan.within(time.plus(OVERHEAD).multipliedBy(plan.samples() + plan.rehearsals()));
    }

    private Pattern only() {
        try {
            return Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw wrong("--only " + only + " is no regular expression: " + e.getDescription());
        }
    }

    private List<Contender> contenders() {
        Path classes = home().resolve("modules/benchmarks/target/classes");
        Path reference = home().resolve("modules/benchmarks/target/reference");
        List<Contender> others = List.of(
                new Floor(image, classes),
                new Reference(Contender.Kind.MEMORY, reference),
                new Reference(Contender.Kind.DURABLE, reference),
                new Guarded(image, Guarded.By.TOKEN),
                new Guarded(image, Guarded.By.JWT));
        for (String name : against) {
            if (others.stream().noneMatch(other -> isNamed(other, name))) {
                String names = others.stream().map(Contender::name).collect(Collectors.joining(", "));
                throw wrong("--against " + name + " names none of: " + names);
            }
        }
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Perennial(image));
        others.stream()
                .filter(other -> against.isEmpty() || against.stream().anyMatch(name -> isNamed(other, name)))
                .forEach(contenders::add);
        if (contenders.stream().anyMatch(other -> other instanceof Reference given && !given.isInstalled())) {
            throw wrong("the reference isn't installed in " + reference
                    + ": bin/benchmark does it, or leave it out with --against floor");
        }
        return contenders;
    }

    private static boolean isNamed(Contender contender, String part) {
        return contender.name().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// The checkout.
    private static Path home() {
        return Path.of(System.getProperty("perennial.home", "")).toAbsolutePath();
    }
}
