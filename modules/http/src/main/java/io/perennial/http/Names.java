package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;

/// The header names and fixed headers that Perennial reads or writes.
final class Names {
    static final HeaderName STREAM_NEXT_OFFSET = HeaderNames.create("Stream-Next-Offset");
    static final HeaderName STREAM_UP_TO_DATE = HeaderNames.create("Stream-Up-To-Date");
    static final HeaderName STREAM_EARLIEST_OFFSET = HeaderNames.create("Stream-Earliest-Offset");
    static final HeaderName STREAM_CURSOR = HeaderNames.create("Stream-Cursor");
    static final HeaderName STREAM_SEQ = HeaderNames.create("Stream-Seq");
    static final HeaderName STREAM_TTL = HeaderNames.create("Stream-TTL");
    static final HeaderName STREAM_EXPIRES_AT = HeaderNames.create("Stream-Expires-At");
    static final HeaderName STREAM_RETAIN_AGE = HeaderNames.create("Stream-Retain-Age");
    static final HeaderName STREAM_RETAIN_BYTES = HeaderNames.create("Stream-Retain-Bytes");
    static final HeaderName STREAM_RETAIN_COUNT = HeaderNames.create("Stream-Retain-Count");
    static final HeaderName STREAM_FORKED_FROM = HeaderNames.create("Stream-Forked-From");
    static final HeaderName STREAM_FORK_OFFSET = HeaderNames.create("Stream-Fork-Offset");
    static final HeaderName STREAM_FORK_SUB_OFFSET = HeaderNames.create("Stream-Fork-Sub-Offset");
    static final HeaderName PRODUCER_ID = HeaderNames.create("Producer-Id");
    static final HeaderName PRODUCER_EPOCH = HeaderNames.create("Producer-Epoch");
    static final HeaderName PRODUCER_SEQ = HeaderNames.create("Producer-Seq");
    static final HeaderName PRODUCER_EXPECTED_SEQ = HeaderNames.create("Producer-Expected-Seq");
    static final HeaderName PRODUCER_RECEIVED_SEQ = HeaderNames.create("Producer-Received-Seq");
    static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");

    static final Header STREAM_CLOSED = HeaderValues.createCached("Stream-Closed", "true");
    static final Header UP_TO_DATE = HeaderValues.createCached(STREAM_UP_TO_DATE, "true");
    static final Header NOT_UP_TO_DATE = HeaderValues.createCached(STREAM_UP_TO_DATE, "false");
    static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    static final Header NO_CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    static final Header SHORT_CACHE =
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=60, stale-while-revalidate=300");
    static final Header BASE64 = HeaderValues.createCached("Stream-SSE-Data-Encoding", "base64");
    static final Header ANY_ORIGIN_MAY_EMBED =
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "cross-origin");
    static final Header SAME_ORIGIN_MAY_EMBED =
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin");
    static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
    static final Header VARY_ENCODING = HeaderValues.createCached(HeaderNames.VARY, "Origin, Accept-Encoding");
    static final Header VARY_ORIGIN = HeaderValues.createCached(HeaderNames.VARY, "Origin");
    static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    // Whatever somebody stored opens as a page of nobody's, which runs nothing, loads nothing and sends nothing in the
    // name of who looks at it (CSP level 3, sections 6.1.3 and 6.3.2).
    static final Header HARMLESS = HeaderValues.createCached(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    static final Header NO_PROXY_BUFFERING = HeaderValues.createCached("X-Accel-Buffering", "no");
    static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    static final Header EVENT_STREAM = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream");
    static final Header RETRY_AFTER_A_SECOND = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");

    private Names() {}
}
