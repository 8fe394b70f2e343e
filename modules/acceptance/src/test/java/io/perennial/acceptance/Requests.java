package io.perennial.acceptance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/// Requests to every route as they should be, in bytes, so that they can be spoilt afterwards. Each is complete, says
/// how long its body is, and none of them knows of the stream that has to stay what it is.
final class Requests {
    private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final List<String> NAMES = List.of("a", "b", "c/d", "x%2Fy", "~", "%E2%82%AC");
    private static final List<String> BODIES = List.of(
            "1",
            "[1,2,3]",
            "[]",
            "{\"a\":[{\"b\":null}]}",
            "\"text\"",
            "{\"worker\":\"w\"}",
            "{\"type\":\"pull-wake\",\"pattern\":\"fuzz/*\",\"wake_stream\":\"fuzz/wakes\"}",
            "{\"type\":\"webhook\",\"pattern\":\"fuzz/*\",\"webhook\":{\"url\":\"http://127.0.0.1:9/\"}}",
            "{\"streams\":[\"fuzz/a\"]}",
            "{\"wake_id\":\"w\",\"generation\":1,\"acks\":[{\"stream\":\"fuzz/a\",\"offset\":\"-1\"}],\"done\":true}",
            "{\"id\":\"i\",\"url\":\"http://127.0.0.1:1\",\"port\":1,\"pid\":1}");
    private static final List<String> OFFSETS = List.of("-1", "now", ULID, "0", "", "-1&offset=now", "%00", ULID + "0");
    private static final List<String> LIVE = List.of("", "&live=true", "&live=sse", "&live=long-poll", "&live=never");
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "FROB");
    private static final List<String> HEADERS = List.of(
            "Content-Type: application/json",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: /",
            "Stream-TTL: 3600",
            "Stream-TTL: 99999999999999999999",
            "Stream-Expires-At: 2099-01-01T00:00:00Z",
            "Stream-Expires-At: 2016-12-31T23:59:60Z",
            "Stream-Seq: 1",
            "Stream-Closed: true",
            "Stream-Closed: maybe",
            "Stream-Retain-Count: 3",
            "Stream-Retain-Bytes: -1",
            "Stream-Retain-Age: 9223372036854775807",
            "Stream-Forked-From: /v1/stream/fuzz/a",
            "Stream-Forked-From: ../../a",
            "Stream-Fork-Offset: -1",
            "Stream-Fork-Sub-Offset: 9007199254740992",
            "Producer-Id: p",
            "Producer-Epoch: 0",
            "Producer-Seq: 0",
            "Producer-Seq: 9223372036854775808",
            "Last-Event-ID: " + ULID,
            "If-None-Match: \"" + ULID + ":-1:" + ULID + "\"",
            "If-None-Match: *",
            "Accept-Encoding: gzip",
            "Accept-Encoding: gzip;q=nan",
            "Accept: text/event-stream",
            "Origin: https://evil.example",
            "Access-Control-Request-Method: PUT",
            "Authorization: Bearer eyJ.eyJ.x",
            "Connection: close",
            "Connection: keep-alive, close",
            "Expect: 100-continue",
            "Forwarded: host=\"\\\"",
            "X-Forwarded-Host: a b",
            "Range: bytes=0-",
            "Cookie: a=b",
            "Host: other");

    private final Random random;

    Requests(Random random) {
        this.random = random;
    }

    <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String method() {
        // Those that do something, more often.
        return METHODS.get(random.nextInt(random.nextInt(4) == 0 ? METHODS.size() : 5));
    }

    String header() {
        return one(HEADERS);
    }

    String target() {
        String name = one(NAMES);
        String query = "?offset=" + one(OFFSETS) + one(LIVE);
        return switch (random.nextInt(14)) {
            case 0, 1 -> "/stream/events?sessionId=fuzz" + name + "&offset=" + one(OFFSETS) + one(LIVE);
            case 2, 3, 4 -> "/v1/stream/fuzz/" + name + query;
            case 5, 6 -> "/v1/stream/fuzz/" + name;
            case 7 -> "/event?sessionId=fuzz" + name;
            case 8 -> "/servers";
            case 9 -> "/servers/" + name;
            case 10 -> "/v1/stream/__ds/subscriptions/" + name;
            case 11 ->
                "/v1/stream/__ds/subscriptions/a/"
                        + one(List.of("claim", "ack", "release", "callback", "streams", "streams/fuzz%2Fa", "nothing"));
            case 12 ->
                one(List.of("/v1/stream/__ds/jwks.json", "/v1/stream/__registry__", "/v1/stream/__ds", "/v1/stream/"));
            default -> one(List.of("/admin/verification", "/admin/backup", "*", "/", "http://other/servers"));
        };
    }

    String body() {
        return one(BODIES);
    }

    byte[] request() {
        return request(method(), target(), body());
    }

    byte[] request(String method, String target, String body) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(header()).append("\r\n");
        }
        boolean hasBody = !method.equals("GET") && !method.equals("HEAD") && random.nextInt(5) > 0;
        if (!hasBody) {
            text.append("\r\n");
        } else if (random.nextInt(4) == 0) {
            text.append("Transfer-Encoding: chunked\r\n\r\n").append(chunks(body));
        } else {
            text.append("Content-Length: ")
                    .append(body.length())
                    .append("\r\n\r\n")
                    .append(body);
        }
        return bytes(text.toString());
    }

    private String chunks(String body) {
        int half = random.nextInt(body.length());
        String first = half == 0 ? "" : Integer.toHexString(half) + "\r\n" + body.substring(0, half) + "\r\n";
        String rest = body.substring(half);
        return first + Integer.toHexString(rest.length()) + "\r\n" + rest + "\r\n0\r\n\r\n";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
