package io.perennial.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the loads append: JSON of 150 bytes, as a token of a language model's answer might be.
final class Events {
    static final int BYTES = 150;

    /// Of a stream that is read.
    static final int MANY = 10_000;

    private Events() {}

    static byte[] one() {
        return text(0).getBytes(StandardCharsets.US_ASCII);
    }

    /// A JSON array of them, which appends each.
    ///
    /// @param to exclusive
    static byte[] batch(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(Events::text)
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// How long a page with as many is.
    static long pageBytes(long count) {
        return count == 0 ? 2 : count * (BYTES + 1) + 1;
    }

    /// How many a page of that length has; -1 where there is no such page.
    static long count(long pageBytes) {
        if (pageBytes == 2) {
            return 0;
        }
        return pageBytes % (BYTES + 1) == 1 ? pageBytes / (BYTES + 1) : -1;
    }

    static String text(int number) {
        String begin = "{\"type\":\"message.delta\",\"session\":\"ses_01JABCDEFGH\",\"seq\":\"%08d\",\"text\":\""
                .formatted(number);
        String end = "\"}";
        return begin + "x".repeat(BYTES - begin.length() - end.length()) + end;
    }
}
