package io.perennial.eventstore;

import java.util.List;

/// A retention for every stream whose path begins so, beside what the stream itself was created with: the stricter
/// holds.
///
/// @param prefix empty for all
public record RetentionRule(String prefix, Retention retention) {
    /// What holds for a stream.
    static Retention of(List<RetentionRule> rules, StreamRow row) {
        Retention retention = row.birth().retention();
        for (RetentionRule rule : rules) {
            if (row.key().path().startsWith(rule.prefix)) {
                retention = retention.and(rule.retention);
            }
        }
        return retention;
    }
}
