package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A section of the README, gone through as it stands there: what is typed is typed, and what is shown has to come, in
/// that order. Only the port is another one, and offsets and links are those that come.
final class Tour {
    private static final Pattern VARYING = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}|eyJ[\\w.-]+|streams\\.example");
    private static final String PROMPT = "$ ";
    private static final String GAP = "...";
    private static final String USUAL_PORT = "4437";

    private final Machine machine;
    private final String port;
    private final List<String> blocks;
    private final Map<String, String> known = new HashMap<>();
    // What a terminal remembers.
    private final StringBuilder before = new StringBuilder();

    /// @param port that nobody has
    Tour(Machine machine, String heading, int port) throws IOException {
        this.machine = machine;
        this.port = Integer.toString(port);
        this.blocks = new ArrayList<>(blocks(heading));
        machine.with("PERENNIAL_PORT", this.port);
        Files.createSymbolicLink(
                machine.folder().resolve("bin"), Image.launcher().getParent());
    }

    private static List<String> blocks(String heading) throws IOException {
        String readme = Files.readString(Image.launcher().resolveSibling("../README.md"));
        int begin = readme.indexOf("\n## " + heading + "\n");
        String section = readme.substring(begin, readme.indexOf("\n## ", begin + 1));
        return Pattern.compile("```(?:console|js)\n(.*?)```", Pattern.DOTALL)
                .matcher(section)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /// What is next.
    String next() {
        return said(blocks.removeFirst());
    }

    boolean isOver() {
        return blocks.isEmpty();
    }

    /// Types the next block, and holds what comes to what is shown there.
    ///
    /// @return what was typed last, which goes on where it is a server or a follower
    Perennial type() throws Exception {
        List<String> lines = blocks.removeFirst().replace("\\\n", "").lines().toList();
        assertEquals(PROMPT, lines.getFirst().substring(0, PROMPT.length()));
        Perennial last = null;
        for (int i = 0; i < lines.size(); ) {
            String typed = lines.get(i).substring(PROMPT.length());
            int end = i + 1;
            while (end < lines.size() && !lines.get(end).startsWith(PROMPT)) {
                end++;
            }
            last = type(said(typed), lines.subList(i + 1, end));
            i = end;
        }
        return last;
    }

    // With what has come in the place of what is shown.
    private String said(String text) {
        return VARYING.matcher(text.replace(USUAL_PORT, port))
                .replaceAll(shown -> Matcher.quoteReplacement(known.getOrDefault(shown.group(), shown.group())));
    }

    private Perennial type(String command, List<String> shown) throws Exception {
        boolean goesOn = command.contains("perennial serve") || command.contains("curl -N");
        String run = goesOn ? "exec " + command : command;
        Perennial process = machine.run(Path.of("/bin/bash"), "-c", before + run);
        if (command.startsWith("export ") || command.startsWith("umask ")) {
            before.append(command).append('\n');
        }
        if (!goesOn) {
            assertEquals(0, process.exitCode(), () -> command + ": " + process.err());
        }
        Eventually.holds(command + " shows " + shown, () -> hasShown(process, shown));
        return process;
    }

    private boolean hasShown(Perennial process, List<String> shown) {
        String pattern = shown.stream().map(this::pattern).collect(Collectors.joining("(?s:.*?)", "(?s).*?", ".*"));
        Matcher come = Pattern.compile(pattern).matcher(process.out().replace("\r", ""));
        if (!come.matches()) {
            return false;
        }
        List<String> names = shown.stream()
                .flatMap(line -> VARYING.matcher(line).results())
                .map(found -> found.group())
                .toList();
        for (int i = 0; i < names.size(); i++) {
            String before = known.put(names.get(i), come.group(i + 1));
            assertEquals(before == null ? come.group(i + 1) : before, come.group(i + 1), names.get(i));
        }
        return true;
    }

    private String pattern(String line) {
        if (line.equals(GAP)) {
            return "";
        }
        StringBuilder pattern = new StringBuilder();
        int end = 0;
        String text = line.replace(USUAL_PORT, port);
        for (Matcher varying = VARYING.matcher(text); varying.find(); end = varying.end()) {
            pattern.append(Pattern.quote(text.substring(end, varying.start()))).append("([\\w.-]+)");
        }
        return pattern.append(Pattern.quote(text.substring(end))).toString();
    }
}
