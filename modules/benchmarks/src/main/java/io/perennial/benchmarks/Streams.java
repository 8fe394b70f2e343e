package io.perennial.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// The streams of one server, to prepare a load and to look after it. Not what is measured.
final class Streams implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int BATCH = 100;

    // Of its own for each: the reference ends connections that wait for 5 s, and one of a pool would be dead.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Running server;

    Streams(Running server) {
        this.server = server;
    }

    /// Names that no other load has.
    static List<String> names(String what, int count) {
        String prefix = "bench/" + what + "-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    void create(List<String> streams) throws IOException, InterruptedException {
        for (String stream : streams) {
            HttpRequest.Builder put =
                    request(stream).header("Content-Type", "application/json").PUT(BodyPublishers.noBody());
            expect(send(put), CREATED, "PUT");
        }
    }

    /// Appends one body.
    ///
    /// @return the next offset
    String append(String stream, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder post =
                request(stream).header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body));
        HttpResponse<byte[]> response = send(post);
        expect(response, NO_CONTENT, "POST");
        return response.headers().firstValue("Stream-Next-Offset").orElseThrow();
    }

    /// Appends events with the numbers from `from` to `to`, exclusive.
    ///
    /// @return the next offset
    String fill(String stream, int from, int to) throws IOException, InterruptedException {
        String next = "-1";
        for (int at = from; at < to; at += BATCH) {
            next = append(stream, Events.batch(at, Math.min(to, at + BATCH)));
        }
        return next;
    }

    /// How many events it holds.
    long count(String stream) throws IOException, InterruptedException {
        AtomicLong count = new AtomicLong();
        read(stream, page -> {
            long events = Events.count(page.length);
            if (events < 0) {
                throw new ProtocolException("a page of " + page.length + " bytes, which isn't whole events");
            }
            count.addAndGet(events);
        });
        return count.get();
    }

    /// Fails unless it holds the events from 0 to `to`, exclusive, each once and in order.
    void requireInOrder(String stream, int to) throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        read(stream, page -> {
            int first = next.getAndAdd((int) Events.count(page.length));
            if (!Arrays.equals(page, Events.batch(first, next.get()))) {
                throw new ProtocolException("the events from " + first + " on don't come back as they were sent");
            }
        });
        if (next.get() != to) {
            throw new ProtocolException(next + " events instead of " + to);
        }
    }

    private void read(String stream, PageReader reader) throws IOException, InterruptedException {
        String offset = "-1";
        boolean more = true;
        while (more) {
            HttpResponse<byte[]> page =
                    send(request(stream + "?offset=" + offset).GET());
            expect(page, OK, "GET");
            reader.read(page.body());
            offset = page.headers().firstValue("Stream-Next-Offset").orElseThrow();
            more = !page.headers()
                    .firstValue("Stream-Up-To-Date")
                    .orElse("false")
                    .equals("true");
        }
    }

    private interface PageReader {
        void read(byte[] page) throws ProtocolException;
    }

    private HttpRequest.Builder request(String target) {
        InetSocketAddress address = server.address();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + address.getHostString() + ":" + address.getPort() + server.path(target)))
                .timeout(PATIENCE);
        return server.authorization().isEmpty() ? request : request.header("Authorization", server.authorization());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static void expect(HttpResponse<byte[]> response, int status, String method) throws ProtocolException {
        if (response.statusCode() != status) {
            throw new ProtocolException(method + " of " + response.uri().getPath() + " is answered "
                    + response.statusCode() + " instead of " + status);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
