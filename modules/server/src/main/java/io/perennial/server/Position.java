package io.perennial.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Where a command begins to read, as options and as the parameter of a request.
final class Position {
    private static final String FROM = "--from";
    private static final String SINCE = "--since";
    private static final String LAST = "--last";
    private static final Pattern SHORT = Pattern.compile("[0-9]+[smhd]");

    private Position() {}

    static void addTo(CommandSpec spec, String usual) {
        spec.addOption(OptionSpec.builder(FROM)
                        .type(String.class)
                        .paramLabel("-1|now|OFFSET")
                        .description("The start, the end, or an event that is the first. Default: " + usual)
                        .build())
                .addOption(OptionSpec.builder(SINCE)
                        .type(String.class)
                        .paramLabel("AGE|MOMENT")
                        .description("Everything since then: 90s, 1h, 7d, or 2026-11-26T12:00:00Z")
                        .build())
                .addOption(OptionSpec.builder(LAST)
                        .type(Integer.class)
                        .paramLabel("N")
                        .description("The last so many events, up to 10,000")
                        .build());
    }

    /// What was said, where something was.
    static Optional<String> of(ParseResult options) {
        List<String> given = Stream.of(
                        Optional.ofNullable(options.<String>matchedOptionValue(FROM, null))
                                .map(from -> Remote.query("offset", from)),
                        Optional.ofNullable(options.<String>matchedOptionValue(SINCE, null))
                                .map(since ->
                                        Remote.query("since", moment(since).toString())),
                        Optional.ofNullable(options.<Integer>matchedOptionValue(LAST, null))
                                .map(last -> "last=" + last))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() > 1) {
            throw new SettingException(
                    FROM + ", " + SINCE + " and " + LAST + " each say where to begin: give one of them");
        }
        return given.stream().findFirst();
    }

    private static Instant moment(String text) {
        try {
            if (SHORT.matcher(text).matches()) {
                String iso = text.endsWith("d") ? "P" + text : "PT" + text;
                return Instant.now().minus(Duration.parse(iso.toUpperCase(Locale.ROOT)));
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw new SettingException(SINCE + " is " + text
                    + ": it is an age such as 90s, 1h or 7d, or a moment such as 2026-11-26T12:00:00Z");
        }
    }
}
