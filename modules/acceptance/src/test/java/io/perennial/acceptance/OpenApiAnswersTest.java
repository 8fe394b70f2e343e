package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.ApiContract.Given;
import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the server answers is as its document at `/openapi` says: status, headers, content type, and the fields of
/// JSON.
class OpenApiAnswersTest {
    private static final String STREAM = "/v1/stream/{path}";
    private static final String SESSION = "/stream/events";
    private static final String CONTROL = "/v1/stream/__ds/subscriptions/{id}";
    private static final String WORK = "/v1/stream/__ds/subscriptions/work";
    private static final String[] AS_JSON = {"Content-Type", "application/json"};

    @AutoClose
    private final Machine machine = new Machine();

    private final Set<String> asked = new TreeSet<>();
    private Server server;
    private Client client;
    private ApiContract contract;

    @BeforeEach
    void start() throws Exception {
        server = machine.server("--durable-streams", "true");
        client = server.client();
        contract = ApiContract.parse(client.get("/openapi").body());
    }

    /// Asks, and holds the answer against the document.
    private HttpResponse<String> ask(
            int status, String method, String path, String target, String body, String... headers) throws Exception {
        HttpResponse<String> answer = client.send(method, target, body, headers);
        assertEquals(status, answer.statusCode(), method + " " + target + ": " + answer.body());
        contract.assertDocuments(
                method, path, new Given(status, answer.headers().map(), answer.body()));
        asked.add(method + " " + path);
        return answer;
    }

    @Test
    void answers_are_as_it_says() throws Exception {
        askForSessions();
        askForStreams();
        askForLiveAnswers();
        askForServers();
        askForSubscriptions();
        askForOperation();
        Set<String> documented = new TreeSet<>();
        for (String path : contract.paths()) {
            contract.methods(path).forEach(method -> documented.add(method + " " + path));
        }
        assertEquals(documented, asked);
    }

    private void askForSessions() throws Exception {
        String[] first = {"Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "0"};
        String[] gap = {"Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "7"};
        ask(201, "POST", SESSION, Client.path("s"), "{\"a\":[null]}", first);
        ask(204, "POST", SESSION, Client.path("s"), "{\"a\":[null]}", first);
        ask(201, "POST", SESSION, Client.path("s"), "2");
        ask(409, "POST", SESSION, Client.path("s"), "3", gap);
        ask(400, "POST", SESSION, Client.path("s"), "{");
        ask(400, "POST", SESSION, SESSION, "1");
        ask(200, "GET", SESSION, Client.path("s") + "&last=1", "");
        ask(200, "GET", SESSION, Client.path("nobody"), "");
        ask(400, "GET", SESSION, Client.path("s") + "&offset=7", "");
    }

    private void askForStreams() throws Exception {
        String stream = "/v1/stream/a";
        String[] created = {"Content-Type", "application/json", "Stream-TTL", "600", "Stream-Retain-Count", "2"};
        ask(201, "PUT", STREAM, stream, "", created);
        ask(200, "PUT", STREAM, stream, "", created);
        ask(409, "PUT", STREAM, stream, "", AS_JSON);
        ask(201, "PUT", STREAM, "/v1/stream/fork", "", "Stream-Forked-From", stream);
        ask(404, "PUT", STREAM, "/v1/stream/fork-of-none", "", "Stream-Forked-From", "/v1/stream/none");
        String[] epoch = {
            "Content-Type", "application/json", "Producer-Id", "p", "Producer-Epoch", "1", "Producer-Seq", "0"
        };
        String[] stale = {
            "Content-Type", "application/json", "Producer-Id", "p", "Producer-Epoch", "0", "Producer-Seq", "0"
        };
        ask(200, "POST", STREAM, stream, "[1,\"" + "x".repeat(2_000) + "\"]", epoch);
        ask(204, "POST", STREAM, stream, "[1]", epoch);
        ask(403, "POST", STREAM, stream, "[1]", stale);
        ask(204, "POST", STREAM, stream, "1", "Content-Type", "application/json", "Stream-Seq", "b");
        ask(409, "POST", STREAM, stream, "1", "Content-Type", "application/json", "Stream-Seq", "a");
        ask(409, "POST", STREAM, stream, "1", "Content-Type", "text/plain");
        ask(403, "POST", STREAM, "/v1/stream/__registry__", "1", AS_JSON);
        ask(404, "POST", STREAM, "/v1/stream/none", "1", AS_JSON);
        ask(413, "POST", STREAM, stream, "[1" + ",1".repeat(65_536) + "]", AS_JSON);
        HttpResponse<String> page = ask(200, "GET", STREAM, stream, "");
        ask(
                304,
                "GET",
                STREAM,
                stream,
                "",
                "If-None-Match",
                page.headers().firstValue("ETag").orElseThrow());
        ask(400, "GET", STREAM, stream + "?live=true&offset=-1", "");
        ask(404, "GET", STREAM, "/v1/stream/none", "");
        ask(200, "HEAD", STREAM, stream, "");
        ask(404, "HEAD", STREAM, "/v1/stream/none", "");
        ask(200, "GET", "/streams", "/streams?limit=1", "");
        ask(400, "GET", "/streams", "/streams?limit=0", "");
        ask(200, "GET", "/streams/{path}", "/streams/a", "");
        ask(200, "GET", "/streams/{path}", "/streams/fork", "");
        ask(404, "GET", "/streams/{path}", "/streams/none", "");
        ask(204, "DELETE", STREAM, stream, "");
        ask(410, "DELETE", STREAM, stream, "");
        ask(410, "GET", STREAM, stream, "");
        ask(404, "DELETE", STREAM, "/v1/stream/none", "");
    }

    private void askForLiveAnswers() throws Exception {
        String stream = "/v1/stream/bytes";
        ask(201, "PUT", STREAM, stream, "abc", "Content-Type", "application/octet-stream", "Stream-Closed", "true");
        HttpResponse<String> page = ask(200, "GET", STREAM, stream, "");
        String end = Client.next(page);
        ask(200, "GET", STREAM, stream + "?live=long-poll&offset=-1", "");
        ask(204, "GET", STREAM, stream + "?live=long-poll&offset=now", "");
        ask(200, "GET", STREAM, stream + "?live=sse&offset=-1", "");
        ask(204, "GET", STREAM, stream + "?live=sse&offset=-1", "", "Last-Event-ID", end);
        ask(409, "POST", STREAM, stream, "d", "Content-Type", "application/octet-stream");
        ask(200, "GET", SESSION, SESSION + "?stream=bytes", "");
        ask(200, "GET", SESSION, SESSION + "?stream=bytes&live=true", "");
        ask(204, "GET", SESSION, SESSION + "?stream=bytes&live=true", "", "Last-Event-ID", end);
        try (Wire wire = Wire.connect(server.url())) {
            wire.send(Wire.request("GET", "/event"));
            Wire.Head head = wire.head();
            contract.assertDocuments("GET", "/event", new Given(head.status(), head.headers(), "any"));
            asked.add("GET /event");
        }
        ask(400, "GET", "/event", "/event?sessionId=", "");
    }

    private void askForServers() throws Exception {
        String entry = "{\"id\":\"a/b\",\"url\":\"http://127.0.0.1:1\",\"port\":1,\"pid\":1,\"metadata\":{\"a\":[1]}}";
        ask(200, "POST", "/servers", "/servers", entry);
        ask(400, "POST", "/servers", "/servers", "{}");
        ask(200, "GET", "/servers", "/servers", "");
        ask(200, "DELETE", "/servers/{serverId}", "/servers/a%2Fb", "");
    }

    private void askForSubscriptions() throws Exception {
        String spec = "{\"type\":\"pull-wake\",\"pattern\":\"chores/*\",\"wake_stream\":\"wakes\"}";
        String hook = "{\"type\":\"webhook\",\"streams\":[\"x\"],\"webhook\":{\"url\":\"http://localhost:1/\"}}";
        ask(201, "PUT", CONTROL, WORK, spec);
        ask(200, "PUT", CONTROL, WORK, spec);
        ask(409, "PUT", CONTROL, WORK, hook);
        ask(400, "PUT", CONTROL, WORK, "{}");
        ask(201, "PUT", CONTROL, "/v1/stream/__ds/subscriptions/hook", hook);
        ask(200, "GET", CONTROL, WORK, "");
        ask(404, "GET", CONTROL, "/v1/stream/__ds/subscriptions/none", "");
        ask(403, "GET", CONTROL, WORK, "", "Origin", "http://elsewhere.example");
        ask(204, "POST", CONTROL + "/streams", WORK + "/streams", "{\"streams\":[\"x\",\"y/z\"]}");
        ask(204, "DELETE", CONTROL + "/streams/{path}", WORK + "/streams/y/z", "");
        ask(409, "POST", CONTROL + "/claim", WORK + "/claim", "{\"worker\":\"me\"}");
        ask(201, "PUT", STREAM, "/v1/stream/chores/1", "", AS_JSON);
        String tail = Client.next(ask(204, "POST", STREAM, "/v1/stream/chores/1", "1", AS_JSON));
        JsonObject claimed = Client.json(ask(200, "POST", CONTROL + "/claim", WORK + "/claim", "{\"worker\":\"me\"}")
                        .body())
                .asJsonObject();
        ask(409, "POST", CONTROL + "/claim", WORK + "/claim", "{\"worker\":\"other\"}");
        String wake =
                "\"wake_id\":\"" + claimed.getString("wake_id") + "\",\"generation\":" + claimed.get("generation");
        String acks = ",\"acks\":[{\"stream\":\"chores/1\",\"offset\":\"" + tail + "\"}]";
        String[] token = {"Authorization", "Bearer " + claimed.getString("token")};
        ask(401, "POST", CONTROL + "/ack", WORK + "/ack", "{" + wake + "}");
        ask(200, "POST", CONTROL + "/ack", WORK + "/ack", "{" + wake + acks + "}", token);
        ask(204, "POST", CONTROL + "/release", WORK + "/release", "{" + wake + "}", token);
        ask(409, "POST", CONTROL + "/ack", WORK + "/ack", "{" + wake + "}", token);
        ask(400, "POST", CONTROL + "/callback", WORK + "/callback", "{" + wake + "}", token);
        ask(200, "GET", "/v1/stream/__ds/jwks.json", "/v1/stream/__ds/jwks.json", "");
        ask(204, "DELETE", CONTROL, WORK, "");
    }

    private void askForOperation() throws Exception {
        for (String path : List.of("/observe/health", "/observe/health/live", "/observe/health/ready")) {
            ask(200, "GET", path, path, "");
        }
        ask(200, "GET", "/observe/metrics", "/observe/metrics", "");
        ask(200, "GET", "/admin/backup", "/admin/backup", "");
        ask(200, "GET", "/admin/verification", "/admin/verification", "");
        ask(403, "GET", "/admin/verification", "/admin/verification", "", "Origin", "http://elsewhere.example");
        ask(201, "POST", "/access-links", "/access-links", "{\"paths\":\"a\"}", AS_JSON);
        ask(400, "POST", "/access-links", "/access-links", "{}", AS_JSON);
        ask(200, "GET", "/openapi", "/openapi", "");
        ask(200, "GET", "/openapi", "/openapi?format=json", "");
        ask(400, "GET", "/openapi", "/openapi?format=xml", "");
        ask(404, "GET", "/openapi", "/openapi", "", "Accept", "text/html");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Stream-Next-Offset: {$ref: \"#/components/headers/StreamNextOffset\"}| ",
                "\"201\":|\"202\":",
                "application/json:|application/jason:",
                "schema: {$ref: \"#/components/schemas/Appended\"}|schema: {$ref: \"#/components/schemas/Problem\"}",
                "pattern: \"^[0-7][0-9A-HJKMNP-TV-Z]{25}$\"|pattern: \"^[0-7][0-9A-HJKMNP-TV-Z]{24}$\"",
            })
    void what_it_does_not_say_would_be_noticed(String line, String otherwise) throws Exception {
        String text = client.get("/openapi").body();
        assertTrue(text.contains(line), line);
        HttpResponse<String> answer = client.post("s", "1");
        Given given = new Given(answer.statusCode(), answer.headers().map(), answer.body());
        contract.assertDocuments("POST", SESSION, given);
        ApiContract lie = ApiContract.parse(text.replace(line, otherwise == null ? "" : otherwise));
        assertThrows(AssertionError.class, () -> lie.assertDocuments("POST", SESSION, given));
    }
}
