package io.perennial.http;

import io.helidon.cors.CrossOriginConfig;
import io.helidon.http.Header;
import io.helidon.webserver.cors.CorsSupport;
import io.helidon.webserver.http.Handler;

/// What pages of other origins may do with streams: everything, where their origin is allowed, but without credentials
/// (Fetch standard, CORS protocol).
final class CrossOrigin {
    private static final String ANY = "*";
    private static final String[] METHODS = {"GET", "HEAD", "PUT", "POST", "DELETE"};
    // An EventSource's header, those of a conditional read, and the protocol's.
    private static final String[] TAKEN = {
        "Accept",
        "Authorization",
        "Cache-Control",
        "Content-Type",
        "If-None-Match",
        "Last-Event-ID",
        "Producer-Epoch",
        "Producer-Id",
        "Producer-Seq",
        "Stream-Closed",
        "Stream-Expires-At",
        "Stream-Fork-Offset",
        "Stream-Fork-Sub-Offset",
        "Stream-Forked-From",
        "Stream-Seq",
        "Stream-TTL"
    };
    private static final String[] GIVEN = {
        "ETag",
        "Location",
        "Producer-Epoch",
        "Producer-Expected-Seq",
        "Producer-Received-Seq",
        "Producer-Seq",
        "Retry-After",
        "Stream-Closed",
        "Stream-Cursor",
        "Stream-Earliest-Offset",
        "Stream-Expires-At",
        "Stream-Next-Offset",
        "Stream-SSE-Data-Encoding",
        "Stream-TTL",
        "Stream-Up-To-Date"
    };
    private static final long PREFLIGHT_SECONDS = 3_600;

    private final HttpConfig config;

    CrossOrigin(HttpConfig config) {
        this.config = config;
    }

    /// Answers preflights, marks the answers that follow, and refuses the origins that aren't allowed.
    Handler handler() {
        return CorsSupport.builder()
                .name("streams")
                .addCrossOrigin(CrossOriginConfig.builder()
                        .allowOrigins(config.allowedOrigins().toArray(String[]::new))
                        .allowMethods(METHODS)
                        .allowHeaders(TAKEN)
                        .exposeHeaders(GIVEN)
                        .maxAgeSeconds(PREFLIGHT_SECONDS)
                        .build())
                .build();
    }

    /// What pages may embed without asking.
    Header embedding() {
        return config.allowedOrigins().contains(ANY) ? Names.ANY_ORIGIN_MAY_EMBED : Names.SAME_ORIGIN_MAY_EMBED;
    }
}
