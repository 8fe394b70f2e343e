package io.perennial.registry;

/// A field that breaks its rule.
///
/// @param field its name in the JSON object, `port`
/// @param rule the rule, as the end of a sentence that begins with the name: `must be an integer from 1 to 65535`
public record Violation(String field, String rule) {}
