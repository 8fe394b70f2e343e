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
    static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    static final Header NO_PROXY_BUFFERING = HeaderValues.createCached("X-Accel-Buffering", "no");
    static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    static final Header EVENT_STREAM = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream");
    static final Header RETRY_AFTER_A_SECOND = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");

    private Names() {}
}
