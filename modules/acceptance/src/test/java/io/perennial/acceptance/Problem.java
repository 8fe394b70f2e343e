package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.List;

/// The shape of every error: `{"error": code, "message": sentence}`.
final class Problem {
    private Problem() {}

    static void assertIs(int status, Wire.Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertEquals("application/json", answer.head().header("Content-Type"));
        JsonObject problem = Client.json(answer.body()).asJsonObject();
        assertEquals(List.of("error", "message"), List.copyOf(problem.keySet()));
        assertTrue(problem.getString("error").matches("[A-Z][A-Za-z]+"), answer.body());
        String message = problem.getString("message");
        assertTrue(message.length() > 10 && message.length() < 400, message);
        assertFalse(message.contains("\n"), message);
        assertFalse(message.contains("server log"), "there is nothing in the log: " + message);
    }
}
