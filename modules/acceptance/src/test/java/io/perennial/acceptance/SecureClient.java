package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// An ordinary client over TLS, of one version of HTTP, to which it holds the server.
record SecureClient(HttpClient http, URI url) implements AutoCloseable {
    static SecureClient of(Server server, SSLContext trusted, HttpClient.Version version) {
        return new SecureClient(
                HttpClient.newBuilder().version(version).sslContext(trusted).build(), server.url());
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Eventually.LONG)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return checked(http.send(request.build(), BodyHandlers.ofString()));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    /// Appends, and returns the event's offset.
    String append(String session, String event) throws Exception {
        HttpResponse<String> answer = send("POST", Client.path(session), event);
        assertEquals(201, answer.statusCode(), answer.body());
        return Client.json(answer.body()).asJsonObject().getString("offset");
    }

    /// The lines of a live answer, from the start of the session.
    Iterator<String> follow(String session) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url.resolve(Client.live(session))).build();
        HttpResponse<Stream<String>> answer = checked(http.send(request, BodyHandlers.ofLines()));
        assertEquals(200, answer.statusCode());
        return answer.body().iterator();
    }

    static void awaitLine(Iterator<String> lines, String expected) {
        String line = lines.next();
        while (!line.equals(expected)) {
            assertTrue(lines.hasNext(), "the stream ended before " + expected);
            line = lines.next();
        }
    }

    static String data(String offset, String event) {
        return "data: {\"offset\":\"" + offset + "\",\"event\":" + event + "}";
    }

    private <T> HttpResponse<T> checked(HttpResponse<T> answer) {
        assertEquals(http.version(), answer.version());
        return answer;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
