package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What the server says of itself at `/openapi`.
record ApiContract(OpenAPI document) {
    // The document says of these that they aren't listed, but of `content-type`, which is what `content` lists.
    private static final Set<String> EVERYWHERE = Set.of(
            "date",
            "connection",
            "content-length",
            "content-type",
            "transfer-encoding",
            "vary",
            "x-content-type-options",
            "cross-origin-resource-policy",
            "content-security-policy");

    /// An answer as far as it was read.
    ///
    /// @param headers by name, in whatever case
    /// @param body empty where there was none, or it is none of the document's business
    record Given(int status, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .findFirst()
                    .orElse("");
        }
    }

    static ApiContract parse(String text) {
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(text);
        assertEquals(List.of(), Optional.ofNullable(result.getMessages()).orElse(List.of()));
        assertNotNull(result.getOpenAPI());
        return new ApiContract(result.getOpenAPI());
    }

    Set<String> paths() {
        return new TreeSet<>(document.getPaths().keySet());
    }

    Set<String> methods(String path) {
        return operations(path).keySet().stream()
                .map(PathItem.HttpMethod::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The names of all operations.
    List<String> operationIds() {
        return paths().stream()
                .flatMap(path -> operations(path).values().stream())
                .map(Operation::getOperationId)
                .toList();
    }

    /// Fails unless the answer to a request of this path and method is as the document has it.
    void assertDocuments(String method, String path, Given answer) {
        String where = method + " " + path + " " + answer.status();
        Operation operation = operations(path).get(PathItem.HttpMethod.valueOf(method));
        assertNotNull(operation, where);
        ApiResponse response = response(operation, answer.status());
        assertNotNull(response, where + " isn't documented: " + answer.body());
        assertHeaders(where, response, answer);
        if (!answer.body().isEmpty()) {
            assertContent(where, response, answer);
        }
    }

    private void assertHeaders(String where, ApiResponse response, Given answer) {
        Map<String, Header> documented = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        documented.putAll(Optional.ofNullable(response.getHeaders()).orElse(Map.of()));
        answer.headers().forEach((name, values) -> {
            if (!EVERYWHERE.contains(name.toLowerCase(Locale.ROOT))) {
                Header header = documented.get(name);
                assertNotNull(header, where + ": the header " + name + " isn't documented");
                ApiSchema schema = new ApiSchema(document, named(header).getSchema());
                values.forEach(value -> schema.assertIsText(where + ": " + name, value));
            }
        });
    }

    private void assertContent(String where, ApiResponse response, Given answer) {
        String type = answer.header("Content-Type").replaceFirst(" *;.*", "");
        Map<String, MediaType> content = Optional.<Map<String, MediaType>>ofNullable(response.getContent())
                .orElse(Map.of());
        MediaType exactly = content.get(type);
        assertTrue(
                exactly != null || content.containsKey("*/*"),
                where + ": the content type '" + type + "' isn't documented, but " + content.keySet());
        if (exactly != null && type.endsWith("json")) {
            new ApiSchema(document, exactly.getSchema()).assertIsJson(where, answer.body());
        }
    }

    private Map<PathItem.HttpMethod, Operation> operations(String path) {
        PathItem item = document.getPaths().get(path);
        return item == null ? new HashMap<>() : item.readOperationsMap();
    }

    private ApiResponse response(Operation operation, int status) {
        ApiResponse response = operation.getResponses().get(Integer.toString(status));
        return response == null || response.get$ref() == null
                ? response
                : document.getComponents().getResponses().get(last(response.get$ref()));
    }

    private Header named(Header header) {
        return header.get$ref() == null
                ? header
                : document.getComponents().getHeaders().get(last(header.get$ref()));
    }

    static String last(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
