package io.perennial.access;

import static io.perennial.access.Issuer.EC;

import io.perennial.access.Forgeries.Forgery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Tokens that the issuer signed, with claims that aren't for here or not as they have to be.
final class ForgedClaims {
    private ForgedClaims() {}

    static List<Forgery> all(ClaimsText good, Instant now) {
        List<Forgery> found = new ArrayList<>();
        for (String name : List.of("iss", "aud", "sub", "exp")) {
            found.add(signed("without " + name, good.without(name).toString()));
        }
        for (String value : List.of(
                "\"https://issuer\"",
                "\"https://issuer.example.evil\"",
                "\"https://issuer.example/\"",
                "\"https://issuer.exampl\"",
                "\"xhttps://issuer.example\"",
                "\"HTTPS://ISSUER.EXAMPLE\"",
                "\"https://issuer.example \"",
                "\"\"",
                "[\"https://issuer.example\"]",
                "1",
                "null",
                "{}")) {
            found.add(with(good, "iss", value));
        }
        for (String value : List.of(
                "\"other\"",
                "\"Streams\"",
                "\"stream\"",
                "\"streams \"",
                "\"\"",
                "[]",
                "[\"other\"]",
                "[\"a\",\"b\"]",
                "[\"streams\",1]",
                "[null,\"streams\"]",
                "[[\"streams\"]]",
                "{\"streams\":1}",
                "\"a streams\"",
                "1",
                "null")) {
            found.add(with(good, "aud", value));
        }
        for (String value : List.of(
                "\"\"",
                "\" \"",
                "\"a\\nb\"",
                "\"a\\u0000\"",
                "\"a\\u001b[2J\"",
                "1",
                "null",
                "[\"alice\"]",
                "{}",
                "\"" + "s".repeat(257) + "\"")) {
            found.add(with(good, "sub", value));
        }
        long past = now.getEpochSecond() - 31;
        String future = Long.toString(now.getEpochSecond() + 31);
        for (String value : List.of(
                Long.toString(past),
                "0",
                "-1",
                "\"" + future + "\"",
                "\"2030-01-01T00:00:00Z\"",
                "null",
                "true",
                "[" + future + "]",
                "{}",
                "NaN",
                "Infinity",
                "1e400",
                "1e999999999",
                "1e99999999999999",
                "9223372036854775808",
                "99999999999999999999999999",
                now.getEpochSecond() + "000",
                "253402300800",
                "1e-999999999",
                "9".repeat(2_000),
                "0" + future,
                "+" + future,
                "0x7fffffff")) {
            found.add(with(good, "exp", value));
        }
        for (String name : List.of("nbf", "iat")) {
            for (String value : List.of(
                    future, "\"0\"", "null", "-1", "[]", "1e999999999", "true", "NaN", now.getEpochSecond() + "000")) {
                found.add(with(good, name, value));
            }
        }
        for (String value : List.of(
                "[\"read\"]",
                "[\"read:\"]",
                "[\":a\"]",
                "[\"write:a\"]",
                "[\"READ:a\"]",
                "[\"read:a\",\"nonsense\"]",
                "[\"read:a\",\"\"]",
                "[\"read:/a\"]",
                "[\"read:a\",1]",
                "[[\"read:a\"]]",
                "[\" read:a\"]",
                "\"openid profile\"",
                "1",
                "null",
                "true",
                "{\"read\":\"a\"}",
                "[\"read:" + "x".repeat(1_025) + "\"]")) {
            found.add(with(good, "perennial", value));
        }
        String text = good.toString();
        for (String broken : List.of(
                "",
                "x",
                "null",
                "[]",
                "[" + text + "]",
                "\"x\"",
                text + "x",
                text + text,
                text + ",",
                "\uFEFF" + text,
                text.substring(1),
                text.replace("{", "{\"exp\":9999999999,"),
                text.replace("{", "{\"sub\":\"root\","),
                text.replace("{", "{\"\\u0073ub\":\"root\","),
                text.replace("{", "{\"x\":1,\"x\":1,"),
                text.replace("{", "{\"x\":{\"y\":1,\"y\":2},"),
                text.replace("{", "{\"perennial\":\"admin:**\","),
                text.replace("{", "{\"x\":" + "[".repeat(2_500) + "]".repeat(2_500) + ","),
                text.replace("{", "{\"x\":" + "{\"x\":".repeat(1_000) + "1" + "}".repeat(1_000) + ","),
                text.replace("{", "{\"x\":NaN,"))) {
            found.add(signed("claims " + broken, broken));
        }
        return found;
    }

    private static Forgery with(ClaimsText good, String name, String value) {
        return signed(name + " " + value, good.with(name, value).toString());
    }

    private static Forgery signed(String what, String claims) {
        return new Forgery(what, EC.sign(claims));
    }
}
