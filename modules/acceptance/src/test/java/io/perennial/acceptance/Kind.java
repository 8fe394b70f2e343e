package io.perennial.acceptance;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/// How long a stream lives and how much of it is kept, as it was created.
///
/// @param ttlSeconds empty for ever
/// @param retainCount empty for all
record Kind(String ttlSeconds, String retainCount) {
    static final Kind PLAIN = new Kind("", "");
    static final Kind LASTING = new Kind("86400", "");
    static final Kind SHORT_LIVED = new Kind("1", "");
    static final Kind RETAINED = new Kind("", "12");

    static Kind of(HttpResponse<?> head) {
        return new Kind(
                head.headers().firstValue("Stream-TTL").orElse(""),
                head.headers().firstValue("Stream-Retain-Count").orElse(""));
    }

    List<String> headers() {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (!ttlSeconds.isEmpty()) {
            headers.addAll(List.of("Stream-TTL", ttlSeconds));
        }
        if (!keepsAll()) {
            headers.addAll(List.of("Stream-Retain-Count", retainCount));
        }
        return headers;
    }

    boolean keepsAll() {
        return retainCount.isEmpty();
    }

    /// How many events are there for certain, however many were appended.
    int kept() {
        return keepsAll() ? Integer.MAX_VALUE : Integer.parseInt(retainCount);
    }

    boolean isShortLived() {
        return equals(SHORT_LIVED);
    }

    long ttlMillis() {
        return isShortLived() ? 1_000 : Long.MAX_VALUE / 2;
    }
}
