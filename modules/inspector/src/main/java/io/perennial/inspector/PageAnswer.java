package io.perennial.inspector;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What a file of the page answers: itself to GET and HEAD, or that the client has it already.
final class PageAnswer implements Handler {
    private static final byte[] NOTHING = new byte[0];
    private static final String ALLOWED = "GET, HEAD, OPTIONS";

    // Nothing but the page's own files and this server: what an event holds can neither run nor call anyone, should it
    // ever become more than text.
    private static final Header POLICY = HeaderValues.createCached(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");
    private static final Header NO_REFERRER = HeaderValues.createCached("Referrer-Policy", "no-referrer");
    private static final Header SAME_ORIGIN = HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin");
    private static final Header NO_CACHE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final Header VARY = HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");
    private static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
    private static final Header ALLOW = HeaderValues.createCached(HeaderNames.ALLOW, ALLOWED);
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

    private final PageFile file;
    private final Header type;

    PageAnswer(PageFile file) {
        this.file = file;
        this.type = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, file.type());
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        // One spelling each: what is normalised on the way to here is somebody's try to get elsewhere.
        if (!request.prologue().uriPath().rawPath().equals(file.path())) {
            response.next();
            return;
        }
        response.header(NO_SNIFFING).header(POLICY).header(NO_REFERRER).header(SAME_ORIGIN);
        Method method = request.prologue().method();
        if (method.equals(Method.GET)) {
            answer(request, response, Body.SENT);
        } else if (method.equals(Method.HEAD)) {
            answer(request, response, Body.LEFT_OUT);
        } else {
            refuse(method, response);
        }
    }

    private enum Body {
        SENT,
        LEFT_OUT
    }

    private void answer(ServerRequest request, ServerResponse response, Body body) {
        boolean isZipped = takesGzip(request);
        String tag = "\"" + file.tag() + (isZipped ? ":g" : "") + "\"";
        response.header(NO_CACHE).header(VARY).header(HeaderNames.ETAG, tag);
        if (isKnown(tag, request)) {
            send(response.status(Status.NOT_MODIFIED_304), NOTHING);
            return;
        }
        byte[] content = isZipped ? file.zipped() : file.plain();
        response.header(type);
        if (isZipped) {
            response.header(GZIP);
        }
        // Of a HEAD too: it is the length of what a GET brings.
        response.contentLength(content.length);
        send(response, body == Body.SENT ? content : NOTHING);
    }

    private void refuse(Method method, ServerResponse response) {
        response.header(ALLOW);
        if (method.equals(Method.OPTIONS)) {
            send(response.status(Status.NO_CONTENT_204), NOTHING);
            return;
        }
        String problem =
                "{\"error\":\"MethodNotAllowed\",\"message\":\"" + file.path() + " takes only " + ALLOWED + "\"}";
        response.status(Status.METHOD_NOT_ALLOWED_405).header(JSON);
        send(response, problem.getBytes(StandardCharsets.UTF_8));
    }

    // Browsers say no more than "gzip, deflate, br"; whoever weighs it gets the plain file.
    private static boolean takesGzip(ServerRequest request) {
        return named(request.headers().all(HeaderNames.ACCEPT_ENCODING, List::of), "gzip");
    }

    private static boolean isKnown(String tag, ServerRequest request) {
        List<String> known = request.headers().all(HeaderNames.IF_NONE_MATCH, List::of);
        return named(known, tag) || named(known, "W/" + tag) || named(known, "*");
    }

    private static boolean named(List<String> values, String name) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .anyMatch(value -> value.strip().equals(name));
    }

    // A browser that has left is no failure, as which Helidon would log it.
    private static void send(ServerResponse response, byte[] body) {
        try {
            response.send(body);
        } catch (UncheckedIOException e) {
            throw new CloseConnectionException("the client has gone before its answer", e);
        }
    }
}
