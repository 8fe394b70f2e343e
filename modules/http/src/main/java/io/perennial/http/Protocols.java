package io.perennial.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2UpgradeProvider;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 and HTTP/2 on one port: by prior knowledge, by ALPN, and by the upgrade of a first request.
///
/// Takes every connection, and looks at its first bytes in its own time. Helidon's own way of choosing takes the first
/// part of a preface that comes in two for HTTP/1.1, and never times out who connects and says nothing; and its own
/// bound of connections lets one more wait, and never know.
final class Protocols implements ServerConnectionSelector {
    private final ServerConnectionSelector http1 = Http1ConnectionSelector.builder()
            .config(Connections.http1())
            .addUpgraders(Map.of("h2c", new Upgrade()))
            .build();
    private final ServerConnectionSelector http2 = Http2ConnectionSelector.builder()
            .http2Config(Http2.config())
            .addSubProtocolSelector(new Windows())
            .build();

    private final ConnectionLimits limits;
    private final Semaphore places;
    private final Transit transit;

    Protocols(ConnectionLimits limits) {
        this.limits = limits;
        this.places = new Semaphore(limits.connections());
        this.transit = new Transit(limits.transitBytes());
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("h2", "http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Connection(new Line(context, transit), http1, http2, places, limits.requestTimeout());
    }

    /// From HTTP/1.1, where the client sent the settings without which it can't be.
    private static final class Upgrade implements Http1Upgrader {
        private static final HeaderName SETTINGS = HeaderNames.create("HTTP2-Settings");
        // Whole settings of 6 bytes in base64url.
        private static final Pattern SETTINGS_VALUE = Pattern.compile("([A-Za-z0-9_-]{8})*=*");
        private static final int FIRST_STREAM = 1;

        private final Http1Upgrader upgrader = Http2UpgradeProvider.builder()
                .http2Config(Http2.config())
                .addSubProtocolProvider(new Windows())
                .build()
                .create(Http2.config(), ProtocolConfigs.create(List.of(Http2.config())));

        @Override
        public String supportedProtocol() {
            return "h2c";
        }

        /// @return nothing where the request is to be answered over HTTP/1.1
        @Override
        @SuppressWarnings("NullAway") // Helidon's interface takes null, and doesn't say so.
        public @Nullable ServerConnection upgrade(
                ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
            if (!(context instanceof Line line)
                    // Over TLS it is ALPN that chooses (RFC 9113, section 3.1).
                    || context.isSecure()
                    || !headers.contains(SETTINGS)
                    || !SETTINGS_VALUE.matcher(headers.get(SETTINGS).get()).matches()) {
                return null;
            }
            line.audience().open(FIRST_STREAM);
            return upgrader.upgrade(line.framed(), prologue, headers);
        }
    }
}
