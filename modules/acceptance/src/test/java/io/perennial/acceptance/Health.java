package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;

/// What `/observe/health` says.
final class Health {
    private Health() {}

    static boolean isAlive(Client client) throws Exception {
        return isUp(client, "live");
    }

    static boolean isReady(Client client) throws Exception {
        return isUp(client, "ready");
    }

    private static boolean isUp(Client client, String kind) throws Exception {
        HttpResponse<String> answer = client.get("/observe/health/" + kind);
        boolean isUp = answer.statusCode() == 200;
        assertEquals(isUp ? 200 : 503, answer.statusCode(), answer.body());
        JsonObject body = Client.json(answer.body()).asJsonObject();
        assertEquals(isUp ? "UP" : "DOWN", body.getString("status"));
        List<String> reasons = body.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
                .filter(check -> check.containsKey("data"))
                .map(check -> check.getJsonObject("data").getString("reason"))
                .toList();
        assertEquals(isUp, reasons.isEmpty(), answer.body());
        return isUp;
    }
}
