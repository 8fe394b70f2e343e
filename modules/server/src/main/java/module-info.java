import org.jspecify.annotations.NullMarked;

/// The program: its command line, its configuration, and the one place where the modules are put together.
///
/// Exports nothing. Whoever wants Perennial inside a program of their own takes the other modules; this one only wires
/// them.
@NullMarked
module io.perennial.server {
    requires info.picocli;
    requires io.helidon.common.buffers;
    requires io.helidon.common.configurable;
    requires io.helidon.common.media.type;
    requires io.helidon.common.pki;
    requires io.helidon.common.socket;
    requires io.helidon.common.tls;
    requires io.helidon.config;
    requires io.helidon.config.yaml;
    requires io.helidon.http;
    requires io.helidon.openapi;
    requires io.helidon.webclient.api;
    requires io.helidon.webclient.http1;
    requires io.helidon.webserver;
    requires io.helidon.webserver.accesslog;
    requires io.helidon.webserver.observe;
    requires io.helidon.webserver.observe.health;
    requires io.perennial.access;
    requires io.perennial.http;
    requires io.perennial.inspector;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires jakarta.json;
    requires java.logging;
    // Found as services: named so that jlink takes them along.
    requires org.eclipse.parsson;
    requires org.slf4j.jul;
    requires org.yaml.snakeyaml;
    // Annotations of Helidon's CORS, which the compiler looks for.
    requires static io.helidon.config.metadata;
    requires static org.jspecify;
}
