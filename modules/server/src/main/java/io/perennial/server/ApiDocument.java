package io.perennial.server;

import io.helidon.openapi.OpenApiFeature;
import io.helidon.openapi.OpenApiFormat;
import io.helidon.openapi.OpenApiManager;
import io.helidon.webserver.spi.ServerFeature;
import jakarta.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `GET /openapi`: what the server answers to what, for people and for generators of clients.
///
/// It is read when it is first asked for, and turned into JSON when that is.
final class ApiDocument implements OpenApiManager<String> {
    private static final String FILE = "/META-INF/openapi.yaml";
    // Before the answer to unknown paths.
    private static final double WEIGHT = 200;

    private ApiDocument() {}

    static ServerFeature feature() {
        return OpenApiFeature.builder()
                .manager(new ApiDocument())
                .servicesDiscoverServices(false)
                // Not for the pages of other origins.
                .cors(cors -> cors.enabled(false))
                .weight(WEIGHT)
                .build();
    }

    /// The module's own file, and not the one that was found: Helidon looks in the working directory first.
    @Override
    public String load(String found) {
        try (InputStream file = Objects.requireNonNull(ApiDocument.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String format(String yaml, OpenApiFormat format) {
        return switch (format) {
            case YAML, UNSUPPORTED -> yaml;
            case JSON -> json(yaml);
        };
    }

    private static String json(String yaml) {
        Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return Json.createObjectBuilder(document).build().toString();
    }

    @Override
    public String name() {
        return "perennial";
    }

    @Override
    public String type() {
        return "perennial";
    }
}
