package io.perennial.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The claims of a good token as JSON, of which a test takes one away or makes it another.
record ClaimsText(Map<String, String> members) {
    static ClaimsText good(long exp) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("iss", "\"" + Issuer.NAME + "\"");
        members.put("sub", "\"alice\"");
        members.put("aud", "\"" + Issuer.AUDIENCE + "\"");
        members.put("exp", Long.toString(exp));
        members.put("perennial", "[\"read:a/**\",\"append:b\"]");
        return new ClaimsText(members);
    }

    /// @param value in JSON
    ClaimsText with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(members);
        changed.put(name, value);
        return new ClaimsText(changed);
    }

    ClaimsText without(String name) {
        Map<String, String> changed = new LinkedHashMap<>(members);
        changed.remove(name);
        return new ClaimsText(changed);
    }

    /// The JSON.
    @Override
    public String toString() {
        return members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
