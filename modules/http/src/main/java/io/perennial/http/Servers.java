package io.perennial.http;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.registry.LeaseJson;
import io.perennial.registry.Parsed;
import io.perennial.registry.Registration;
import io.perennial.registry.Registry;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonValue;
import java.time.InstantSource;
import java.util.stream.Collectors;

/// `/servers`: the servers that live, and how one comes onto the list and off it.
final class Servers {
    private final Registry registry;
    private final InstantSource clock;
    private final int bodyLimitBytes;

    Servers(Registry registry, InstantSource clock, HttpConfig config) {
        this.registry = registry;
        this.clock = clock;
        this.bodyLimitBytes = config.bodyLimitBytes();
    }

    void list(ServerRequest request, ServerResponse response) {
        JsonArrayBuilder servers = JsonText.provider().createArrayBuilder();
        registry.live().forEach(lease -> servers.add(LeaseJson.json(lease)));
        Answers.json(request, response, Status.OK_200, servers.build());
    }

    void register(ServerRequest request, ServerResponse response) {
        byte[] body = RequestBody.read(request, bodyLimitBytes);
        switch (LeaseJson.parse(JsonText.object(body), clock.instant())) {
            case Parsed.Invalid(var violations) -> {
                String message = violations.stream()
                        .map(violation -> violation.field() + ": " + violation.rule())
                        .collect(Collectors.joining("; "));
                Answers.send(response, Problem.badRequest("InvalidServer", message));
            }
            case Parsed.Valid(var lease) -> {
                switch (registry.register(lease)) {
                    case Registration.Registered _ -> Answers.json(request, response, Status.OK_200, JsonValue.TRUE);
                    case Registration.Full _ ->
                        Answers.send(
                                response,
                                Problem.of(
                                        Status.SERVICE_UNAVAILABLE_503,
                                        "RegistryFull",
                                        "the registry holds as many servers as it may"));
                }
            }
        }
    }

    void deregister(ServerRequest request, ServerResponse response) {
        registry.deregister(request.path().pathParameters().get("serverId"));
        Answers.json(request, response, Status.OK_200, JsonValue.TRUE);
    }
}
