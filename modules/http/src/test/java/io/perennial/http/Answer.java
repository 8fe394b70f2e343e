package io.perennial.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// An answer as it came over the wire.
final class Answer {
    private final String head;
    private final byte[] bytes;

    Answer(String head, byte[] bytes) {
        this.head = head;
        this.bytes = bytes;
    }

    /// The status line and the headers, with the line ends between them.
    String head() {
        return head;
    }

    /// The body, out of its chunks.
    byte[] bytes() {
        return bytes;
    }

    int status() {
        if (!head.matches("(?s)HTTP/1\\.1 [0-9]{3} .*")) {
            throw new AssertionError("not the beginning of an answer: " + head);
        }
        return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 000".length()));
    }

    String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Every value of the header, in order.
    List<String> all(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return Arrays.stream(head.split("\r\n", -1))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }

    /// The one value of a header that is there once.
    String header(String name) {
        List<String> all = all(name);
        if (all.size() != 1) {
            throw new AssertionError(name + " is there " + all.size() + " times:\n" + head + "\n\n" + body());
        }
        return all.getFirst();
    }
}
