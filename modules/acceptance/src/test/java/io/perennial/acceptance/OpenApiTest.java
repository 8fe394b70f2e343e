package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openapitools.codegen.validation.Invalid;
import org.openapitools.codegen.validation.ValidationResult;
import org.openapitools.codegen.validations.oas.OpenApiEvaluator;
import org.openapitools.codegen.validations.oas.RuleConfiguration;

/// The document at `/openapi`: that tools take it, and that it has every path and method, and no others.
class OpenApiTest {
    private static final String JSON = "application/json";
    private static final String YAML = "application/vnd.oai.openapi";

    private static final String USE = """
            import java.util.*;
            import org.openapitools.client.*;
            import org.openapitools.client.api.*;
            import org.openapitools.client.model.*;

            public class Use {
                public static String use(String url) throws Exception {
                    ApiClient client = new ApiClient();
                    client.updateBaseUri(url);
                    SessionsApi sessions = new SessionsApi(client);
                    Appended first = sessions.appendToSession("s", Map.of("a", List.of(1, "two")), "p", 0L, 0L);
                    List<StoredEvent> page =
                            sessions.readSession("s", null, first.getOffset(), null, null, false, null);
                    new StreamsApi(client).createStream(
                            "b", 60L, null, null, null, null, null, "/v1/stream/sessions/s", null, null, null);
                    StreamDetails fork = new InspectionApi(client).getStream("b");
                    int servers = new ServersApi(client).listServers().size();
                    return page.getFirst().getOffset().equals(first.getOffset())
                            + " " + page.stream().map(StoredEvent::getEvent).toList()
                            + " " + servers
                            + " " + fork.getContentType();
                }
            }
            """;

    @AutoClose
    private final Machine machine = new Machine();

    private Client client;
    private ApiContract contract;

    @BeforeEach
    void start() throws Exception {
        client = machine.server("--durable-streams", "true").client();
        contract = ApiContract.parse(client.get("/openapi").body());
    }

    private void assertServes(String type, String query, String... headers) throws Exception {
        HttpResponse<String> answer = client.get("/openapi" + query, headers);
        assertEquals(200, answer.statusCode());
        assertEquals(type, answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(type.equals(JSON), answer.body().startsWith("{"), query);
        assertEquals(contract, ApiContract.parse(answer.body()));
    }

    @Test
    void it_comes_as_yaml_or_json_and_says_the_same() throws Exception {
        assertServes(YAML, "");
        assertServes(YAML, "", "Accept", "text/html, */*;q=0.8");
        assertServes(YAML, "?format=yaml", "Accept", JSON);
        assertServes(JSON, "", "Accept", JSON);
        assertServes(JSON, "?format=json");
    }

    @Test
    void it_is_there_without_durable_streams_and_is_the_servers_own_wherever_that_was_started() throws Exception {
        Files.createDirectories(machine.folder().resolve("META-INF"));
        machine.file("META-INF/openapi.yaml", "openapi: 3.0.3\ninfo: {title: Another, version: '1'}\npaths: {}\n");
        Server off = machine.server("--durable-streams", "false");
        assertEquals(contract, ApiContract.parse(off.client().get("/openapi").body()));
    }

    @Test
    void validators_have_nothing_to_say() {
        ValidationResult result = new OpenApiEvaluator(new RuleConfiguration()).validate(contract.document());
        assertEquals(
                List.of(),
                Stream.concat(result.getErrors().stream(), result.getWarnings().stream())
                        .map(Invalid::getMessage)
                        .toList());
    }

    private GeneratedClient generated(String generator) throws Exception {
        Path document = machine.file("openapi.yaml", client.get("/openapi").body());
        return GeneratedClient.of(document, generator, machine.folder().resolve("client"));
    }

    private List<String> operationsWithoutMethod(String sources) {
        return contract.operationIds().stream()
                .filter(id -> !sources.contains(" " + id + "("))
                .toList();
    }

    @Test
    void a_client_in_typescript_is_made_of_it() throws Exception {
        assertEquals(
                List.of(), operationsWithoutMethod(generated("typescript-fetch").sources(".ts")));
    }

    @Test
    void a_client_in_java_is_made_of_it_and_works() throws Exception {
        GeneratedClient generated = generated("java/native");
        assertEquals(List.of(), operationsWithoutMethod(generated.sources(".java")));
        String said = generated.use("Use", USE, client.url().toString());
        assertEquals("true [{a=[1, two]}] 1 application/json", said);
    }

    @Test
    void every_path_that_is_served_is_in_it_and_no_other() throws Exception {
        assertEquals(ApiRoutes.served(), contract.paths());
    }

    @Test
    void every_path_takes_the_methods_that_are_in_it_and_no_others() throws Exception {
        Set<String> withoutAllow = new TreeSet<>();
        for (String path : contract.paths()) {
            HttpResponse<String> answer = client.send("PATCH", path.replaceAll("\\{[A-Za-z]+}", "a"), "");
            if (answer.statusCode() == 404) {
                withoutAllow.add(path);
            } else {
                assertEquals(405, answer.statusCode(), path);
                Set<String> taken = new TreeSet<>(
                        List.of(answer.headers().firstValue("Allow").orElse("").split(", ")));
                Set<String> documented = contract.methods(path);
                assertTrue(taken.containsAll(documented), path + " takes " + taken);
                taken.removeAll(documented);
                taken.removeAll(documented.contains("GET") ? Set.of("HEAD", "OPTIONS") : Set.of("OPTIONS"));
                assertEquals(Set.of(), taken, path);
            }
        }
        // Helidon doesn't say.
        assertEquals(ApiRoutes.HELIDONS, withoutAllow);
        for (String path : withoutAllow) {
            assertEquals(Set.of("GET"), contract.methods(path));
        }
    }
}
