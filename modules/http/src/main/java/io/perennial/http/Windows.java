package io.perennial.http;

import io.helidon.http.HttpPrologue;
import io.helidon.http.http2.Http2Headers;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.http2.Http2StreamState;
import io.helidon.http.http2.Http2StreamWriter;
import io.helidon.http.http2.StreamFlowControl;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.Router;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.spi.Http2SubProtocolProvider;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;
import io.helidon.webserver.http2.spi.SubProtocolResult;

/// Tells a request's [Presence] how much of the answer its client granted: for the protocols that are spoken inside of
/// HTTP/2 Helidon says it, and for nobody else. This is none of them, and takes no request.
final class Windows implements Http2SubProtocolSelector, Http2SubProtocolProvider<Http2Config> {
    @Override
    public SubProtocolResult subProtocol(
            ConnectionContext context,
            HttpPrologue prologue,
            Http2Headers headers,
            Http2StreamWriter writer,
            int stream,
            Http2Settings serverSettings,
            Http2Settings clientSettings,
            StreamFlowControl windows,
            Http2StreamState state,
            Router router) {
        if (context.remotePeer() instanceof Audience audience) {
            audience.presence(stream).grants(windows.outbound());
        }
        return NOT_SUPPORTED;
    }

    @Override
    public String protocolType() {
        return Http2.config().type();
    }

    @Override
    public Class<Http2Config> protocolConfigType() {
        return Http2Config.class;
    }

    @Override
    public Http2SubProtocolSelector create(Http2Config config, ProtocolConfigs configs) {
        return this;
    }
}
