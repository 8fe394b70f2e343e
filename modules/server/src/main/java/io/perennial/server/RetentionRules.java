package io.perennial.server;

import io.perennial.eventstore.Retention;
import io.perennial.eventstore.RetentionRule;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The setting `retention`: `PREFIX*=LIMIT,...;...`, a limit being `age:DURATION`, `bytes:COUNT` or `count:COUNT`.
final class RetentionRules {
    static final String RULE =
            "rules such as sessions/*=age:P7D,bytes:1073741824,count:100000, with semicolons between them";

    private static final String AGE = "age";
    private static final String BYTES = "bytes";
    private static final String COUNT = "count";
    private static final Pattern FORM = Pattern.compile("([^*=;,\\s]*)\\*=([^*=;\\s]+)");

    private RetentionRules() {}

    /// The rules of a text; nothing where it has another form.
    static Optional<List<RetentionRule>> parse(String text) {
        List<RetentionRule> rules = new ArrayList<>();
        try {
            for (String part : text.isBlank() ? new String[0] : text.split(";", -1)) {
                Matcher rule = FORM.matcher(part.strip());
                if (!rule.matches()) {
                    return Optional.empty();
                }
                rules.add(new RetentionRule(rule.group(1), retention(rule.group(2))));
            }
            return Optional.of(rules);
        } catch (DateTimeParseException | IllegalArgumentException | IllegalStateException _) {
            return Optional.empty();
        }
    }

    // Each limit at most once.
    private static Retention retention(String text) {
        Map<String, Long> limits = Arrays.stream(text.split(",", -1))
                .map(limit -> limit.split(":", 2))
                .collect(Collectors.toMap(limit -> limit[0], limit -> number(limit[0], limit[limit.length - 1])));
        return new Retention(
                limits.getOrDefault(AGE, Retention.ALL),
                limits.getOrDefault(BYTES, Retention.ALL),
                limits.getOrDefault(COUNT, Retention.ALL));
    }

    private static long number(String limit, String text) {
        return switch (limit) {
            case AGE -> Duration.parse(text).toSeconds();
            case BYTES, COUNT -> Long.parseLong(text);
            default -> throw new IllegalArgumentException(limit);
        };
    }
}
