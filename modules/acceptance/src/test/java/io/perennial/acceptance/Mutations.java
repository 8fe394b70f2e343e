package io.perennial.acceptance;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Spoils requests, from one bit to all of it.
final class Mutations {
    private static final List<String> TARGETS = List.of(
            "/v1/stream/../../../../escaped",
            "/v1/stream/..%2f..%2f..%2fescaped",
            "/v1/stream/%2e%2e/%2e%2e/escaped",
            "/v1/stream/%252e%252e%252fescaped",
            "/v1/stream/..%5c..%5cescaped",
            "/v1/stream/%c0%ae%c0%ae/escaped",
            "/v1/stream/%e0%80%ae/escaped",
            "/v1/stream/a%00b",
            "/v1/stream/a\0b",
            "/v1/stream//tmp/escaped",
            "/v1/stream/file:%2f%2f%2ftmp%2fescaped",
            "/v1/stream/%",
            "/v1/stream/%f",
            "/v1/stream/%zz",
            "/v1/stream/\u00ff\u00fe",
            "/v1/stream/a;b=c?x#y",
            "/v1/stream/;/;",
            "/stream/events?sessionId=..%2f..%2fescaped",
            "/stream/events?sessionId=%00",
            "/stream/events?sessionId=%ed%a0%80",
            "/stream/events?sessionId=a&sessionId=b",
            "/stream/events;jsessionid=1?sessionId=a",
            "/./servers/../servers/",
            "//servers",
            "/servers/%2e%2e%2fescaped",
            "/admin/../../etc/passwd",
            "http://[::1/servers",
            "http://a:99999999/servers",
            "?",
            "#");
    private static final List<String> LENGTHS = List.of(
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Content-Length: 4\r\nContent-Length: 5",
            "Content-Length: 4, 4",
            "Content-Length: 0x4",
            "Content-Length: 4 4",
            "Content-Length: -1",
            "Content-Length: 9223372036854775808",
            "Content-Length: 99999999999999999999999",
            "Content-Length:",
            "Content-Length : 4",
            " Content-Length: 4",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding:\u000bchunked",
            "Transfer-Encoding\r\n : chunked");
    private static final List<String> CHUNKS = List.of(
            "ffffffff\r\n",
            "7fffffffffffffff\r\n",
            "-1\r\n",
            "0x1\r\na\r\n",
            "1\na\n",
            "1;ext=\"\r\n\"\r\na\r\n",
            "00000000000000000000000000000001\r\na\r\n",
            "g\r\n",
            "\r\n",
            "1\r\nab\r\n",
            "400001\r\n",
            "0\r\nX: y\r\n");

    private static final List<String> ODD = List.of(
            "\0",
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            ":",
            "%",
            "%00",
            "%2e%2e%2f",
            "\u00c0\u00ae",
            "\u00ff",
            "-1",
            "9223372036854775808",
            "1e999",
            "\"",
            "\\",
            "[[[[",
            "..",
            "?",
            "#",
            "&",
            "=",
            ";",
            "HTTP/9.9");

    private final Random random;
    private final Requests requests;
    private final String smuggled;

    /// @param smuggled a request that nobody may take for one: it is in bodies alone
    Mutations(Random random, String smuggled) {
        this.random = random;
        this.requests = new Requests(random);
        this.smuggled = smuggled;
    }

    /// What goes over one connection.
    byte[] next() {
        return switch (random.nextInt(14)) {
            case 0 -> requests.request();
            case 1 -> ahead();
            case 2 -> requests.request(requests.method(), requests.one(TARGETS), requests.body());
            case 3 -> Requests.bytes(head() + requests.one(LENGTHS) + "\r\n\r\n0\r\n\r\n" + smuggled);
            case 4 -> Requests.bytes(head() + "Transfer-Encoding: chunked\r\n\r\n" + requests.one(CHUNKS));
            case 5 -> bombOfHeaders();
            case 6 -> cut(requests.request());
            case 7 -> noise();
            case 9 -> requests.request(requests.method(), requests.target(), smuggled);
            case 8 -> requests.request(requests.method(), longTarget(), requests.body());
            default -> spoilt(requests.request());
        };
    }

    private String head() {
        return "POST " + requests.target() + " HTTP/1.1\r\nHost: localhost\r\n";
    }

    private byte[] ahead() {
        byte[] all = new byte[0];
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            byte[] one = random.nextInt(4) == 0 ? spoilt(requests.request()) : requests.request();
            all = joined(all, one);
        }
        return all;
    }

    private byte[] bombOfHeaders() {
        StringBuilder text = new StringBuilder("GET " + requests.target() + " HTTP/1.1\r\nHost: localhost\r\n");
        int count = random.nextInt(1, 400);
        int length = random.nextInt(1, random.nextBoolean() ? 100 : 10_000);
        for (int i = 0; i < count && text.length() < 200_000; i++) {
            text.append("X-")
                    .append(random.nextInt(50))
                    .append(": ")
                    .repeat('v', length)
                    .append("\r\n");
        }
        return Requests.bytes(text + (random.nextBoolean() ? "\r\n" : ""));
    }

    private String longTarget() {
        String unit = requests.one(List.of("x", "%41", "/", "../", "%00", "?", "&a=b", "é", "%e2%82%ac"));
        return "/v1/stream/fuzz/" + unit.repeat(random.nextInt(1, 20_000) / unit.length() + 1);
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(1, 2_000)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] cut(byte[] request) {
        return Arrays.copyOf(request, random.nextInt(request.length));
    }

    private byte[] spoilt(byte[] request) {
        byte[] spoilt = request;
        for (int i = random.nextInt(1, 6); i > 0 && spoilt.length > 0; i--) {
            int at = random.nextInt(spoilt.length);
            spoilt = switch (random.nextInt(6)) {
                case 0 -> flipped(spoilt, at);
                case 1 -> spliced(spoilt, at, at, new byte[] {(byte) random.nextInt(256)});
                case 2 -> spliced(spoilt, at, Math.min(spoilt.length, at + random.nextInt(1, 9)), new byte[0]);
                case 3 -> spliced(spoilt, at, at, Arrays.copyOfRange(spoilt, at, random.nextInt(at, spoilt.length)));
                case 4 -> spliced(spoilt, at, at, Requests.bytes(requests.one(ODD)));
                default -> spliced(spoilt, at, at, Requests.bytes("\r\n" + requests.header() + "\r\n"));
            };
        }
        return spoilt;
    }

    private byte[] flipped(byte[] bytes, int at) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] with) {
        return joined(joined(Arrays.copyOf(bytes, from), with), Arrays.copyOfRange(bytes, to, bytes.length));
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
