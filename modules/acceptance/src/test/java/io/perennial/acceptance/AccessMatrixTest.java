package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.Door.Asks;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every operation that the server has, with every permission and without it: who is let in, and who isn't.
@Timeout(300)
class AccessMatrixTest {
    private static final List<String> PERMISSIONS =
            List.of("read", "append", "create", "delete", "subscribe", "registry", "admin");
    private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "TRACE");

    private static final Door OPENAPI = new Door("", "GET", "/openapi", "", List.of(), Asks.A_NAME, Set.of());

    @AutoClose
    private final Machine machine = new Machine();

    @AutoClose
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Server server;
    private String everything;

    @BeforeEach
    void start() throws Exception {
        everything = token("everything", PERMISSIONS, "**");
        server = machine.server("--require-auth", "--long-poll-wait", "PT0.1S");
        for (String stream : List.of("sessions/s", "wakes", "jobs/1")) {
            Door create = new Door(
                    "",
                    "PUT",
                    "/v1/stream/" + stream,
                    "",
                    List.of("Content-Type", "application/json"),
                    Asks.PERMISSIONS,
                    Set.of());
            assertEquals(201, status(create, everything));
        }
    }

    private String token(String name, List<String> permissions, String paths, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(more));
        permissions.forEach(permission -> arguments.addAll(List.of("--allow", permission + ":" + paths)));
        return machine.token(name, arguments.toArray(String[]::new));
    }

    // A stream of events is let go once it has begun.
    private int status(Door door, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url().resolve(door.path()))
                .timeout(Eventually.LONG)
                .method(
                        door.method(),
                        door.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(door.body()));
        if (!door.headers().isEmpty()) {
            request.headers(door.headers().toArray(String[]::new));
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
        answer.body().close();
        if (answer.statusCode() == 401) {
            assertTrue(
                    answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"), door.toString());
        }
        return answer.statusCode();
    }

    private void assertAnswer(Door door, String who, String token, int refusal) throws Exception {
        status(Door.subscription(), everything);
        int status = status(door.once(), token);
        String what = who + " at " + door.method() + " " + door.path() + ": " + status;
        if (door.asks() == Asks.A_WAKE) {
            assertTrue(status >= 400 && status < 500, what);
        } else if (refusal == 0) {
            assertTrue(status != 401 && status != 403, what);
            // A backup that was let go may still be at it.
            assertTrue(status < 500 || status == 503, what);
        } else {
            assertEquals(refusal, status, what);
        }
    }

    @Test
    void whoever_is_not_known_gets_what_is_free_and_nothing_else() throws Exception {
        String expired = token("expired", PERMISSIONS, "**", "--expires", "PT0.001S");
        String revoked = token("revoked", PERMISSIONS, "**");
        machine.revoke("revoked");
        Eventually.holds("it is noticed", () -> status(OPENAPI, revoked) == 401);
        for (Door door : Door.ALL) {
            int refusal = door.asks() == Asks.NOTHING ? 0 : 401;
            assertAnswer(door, "nobody", "", refusal);
            assertAnswer(door, "who has expired", expired, refusal);
            assertAnswer(door, "who is revoked", revoked, refusal);
            assertAnswer(door, "who makes it up", everything.substring(0, everything.length() - 1) + "~", refusal);
        }
    }

    @Test
    void whoever_may_do_one_thing_does_nothing_else() throws Exception {
        for (String permission : PERMISSIONS) {
            String token = token("only-" + permission, List.of(permission), "**");
            await(token);
            for (Door door : Door.ALL) {
                assertAnswer(door, "who may only " + permission, token, refusal(door, Set.of(permission)));
            }
        }
    }

    @Test
    void whoever_lacks_one_permission_is_refused_where_it_is_needed() throws Exception {
        for (String permission : PERMISSIONS) {
            Set<String> others = new TreeSet<>(PERMISSIONS);
            others.remove(permission);
            String token = token("all-but-" + permission, List.copyOf(others), "**");
            await(token);
            for (Door door : Door.ALL) {
                assertAnswer(door, "who may all but " + permission, token, refusal(door, others));
            }
        }
        for (Door door : Door.ALL) {
            assertAnswer(door, "who may everything", everything, refusal(door, Set.copyOf(PERMISSIONS)));
        }
    }

    @Test
    void whoever_may_everything_elsewhere_does_nothing_here() throws Exception {
        String token = token("elsewhere", PERMISSIONS, "elsewhere/**");
        await(token);
        for (Door door : Door.ALL) {
            assertAnswer(door, "who may everything elsewhere", token, refusal(door, Set.of()));
        }
    }

    // The server looks twice a second.
    private void await(String token) throws Exception {
        Eventually.holds("the token is known", () -> status(OPENAPI, token) == 200);
    }

    private static int refusal(Door door, Set<String> allowed) {
        return switch (door.asks()) {
            case NOTHING, A_NAME -> 0;
            case A_WAKE -> 401;
            case PERMISSIONS -> allowed.containsAll(door.needs()) ? 0 : 403;
        };
    }

    @Test
    void every_operation_has_its_row_and_no_method_of_any_path_is_open_besides() throws Exception {
        ApiContract contract = ApiContract.parse(server.client()
                .get("/openapi", "Authorization", "Bearer " + everything)
                .body());
        Set<String> operations = contract.document().getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .map(operation -> operation.getOperationId())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(operations, Door.ALL.stream().map(Door::operation).collect(Collectors.toCollection(TreeSet::new)));
        for (Door door : Door.ALL) {
            for (String method : METHODS) {
                boolean isFree = door.asks() == Asks.NOTHING && (method.equals("GET") || method.equals("HEAD"));
                Door other = new Door("", method, door.once().path(), "", List.of(), door.asks(), Set.of());
                int status = status(other, "");
                assertTrue(
                        isFree ? status < 300 : status == 401 || status == 404 || status == 405,
                        method + " " + door.path() + ": " + status);
            }
        }
    }
}
