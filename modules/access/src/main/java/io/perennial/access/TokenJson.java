package io.perennial.access;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Tokens as JSON: `{"tokens": [{"id","name","hash"|"certificate","created","expires"?,"allow": ["read:**"]}]}`.
final class TokenJson {
    private TokenJson() {}

    static String encode(List<Token> tokens) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Token token : tokens) {
            JsonArrayBuilder allowed = Json.createArrayBuilder();
            token.grants().forEach(grant -> allowed.add(grant.text()));
            JsonObjectBuilder json = Json.createObjectBuilder()
                    .add("id", token.id())
                    .add("name", token.name())
                    .add("created", token.created().toString());
            switch (token.proof()) {
                case HashedSecret(String hash) -> json.add("hash", hash);
                case CertificateName name -> json.add("certificate", name.text());
            }
            token.expires().ifPresent(end -> json.add("expires", end.toString()));
            all.add(json.add("allow", allowed));
        }
        return Json.createObjectBuilder().add("tokens", all).build() + "\n";
    }

    /// @throws IllegalArgumentException where it is something else
    static List<Token> decode(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject().getJsonArray("tokens").getValuesAs(JsonObject.class).stream()
                    .map(TokenJson::token)
                    .toList();
        } catch (JsonException | ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Token token(JsonObject json) {
        return new Token(
                json.getString("id"),
                json.getString("name"),
                proof(json),
                Instant.parse(json.getString("created")),
                Optional.ofNullable(json.getString("expires", null)).map(Instant::parse),
                json.getJsonArray("allow").getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .map(Grant::parse)
                        .toList());
    }

    private static Proof proof(JsonObject json) {
        return json.containsKey("certificate")
                ? CertificateName.parse(json.getString("certificate"))
                : new HashedSecret(json.getString("hash"));
    }
}
