package io.perennial.http;

import io.helidon.common.uri.UriPath;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.Arrays;
import java.util.List;

/// What Helidon 4.1 leaves to its users at the level of the connection: where the body of one request must not be taken
/// for the next one.
final class Connections {
    static final Problem MALFORMED_PATH = Problem.badRequest("BadRequest", "the request's path is malformed");

    private static final int PROLOGUE_BYTES = 16 * 1024;

    private Connections() {}

    /// Request lines of up to 16 KiB, whose query is judged by [Query] alone, and strict about methods and the length
    /// of bodies.
    static Http1Config http1() {
        return Http1Config.builder()
                .maxPrologueLength(PROLOGUE_BYTES)
                .validatePrologue(false)
                .addReceiveListener(new Strictness())
                .addSendListener(new NoLengthOfNothing())
                .build();
    }

    /// Helidon announces that it will close a connection, leaves the rest of the request unread, and goes on with it as
    /// if it were the next one. This closes it.
    static void closeAsAnnounced(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (Http2.is(request)) {
            Http2.answer(chain, request, response);
            return;
        }
        announce(request, response);
        if (isValid(request.prologue().uriPath())) {
            chain.proceed();
        } else {
            Answers.send(request, response, MALFORMED_PATH);
        }
        if (response.isSent() && response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            if (asksToClose(request)) {
                drain(request);
            }
            throw new CloseConnectionException("closed as announced");
        }
        // A body that waits to be asked for may come all the same, and would be taken for the next request.
        if (request.headers().contains(HeaderNames.EXPECT) && !request.content().consumed()) {
            throw new CloseConnectionException("the body of a request may come yet that was answered without it");
        }
    }

    /// Of a target such as `http:x/y` there is none: Helidon finds that out by a null.
    static boolean isValid(UriPath path) {
        try {
            path.validate();
            return !path.path().isEmpty();
        } catch (IllegalArgumentException | NullPointerException _) {
            return false;
        }
    }

    // A connection that is closed on unread bytes is reset, and the client may never read the answer. Whoever waits
    // to be asked for the body isn't waited for.
    private static void drain(ServerRequest request) {
        if (request.headers().contains(HeaderNames.EXPECT) || request.content().consumed()) {
            return;
        }
        try {
            request.content().consume();
        } catch (RuntimeException _) {
            // It can't be read: then it can't be waited for either.
        }
    }

    /// Says in the answer that the connection will be closed, where it has to be: as the client asks, or because it may
    /// send a body that nobody read.
    static void announce(ServerRequest request, ServerResponse response) {
        if (Http2.is(request)) {
            return;
        }
        boolean mayComeYet = request.headers().contains(HeaderNames.EXPECT)
                && response.status().family() != Status.Family.SUCCESSFUL;
        if (asksToClose(request) || mayComeYet) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
    }

    /// Over HTTP/2 nothing is said of the connection: Helidon would send a reset in place of such an answer.
    static boolean isAllowed(ServerRequest request, Header header) {
        return !Http2.is(request) || !header.headerName().equals(HeaderNames.CONNECTION);
    }

    // Helidon understands no other spelling than "close".
    private static boolean asksToClose(ServerRequest request) {
        return request.headers().contains(HeaderNames.CONNECTION)
                && request.headers().all(HeaderNames.CONNECTION, List::of).stream()
                        .flatMap(value -> Arrays.stream(value.split(",")))
                        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    /// Takes back the length of 0 that Helidon gives to every answer without a body. In a 204 there must be none,
    /// and in a 304 or the answer to HEAD it would be the length of what a GET brings (RFC 9110, section 8.6).
    private static final class NoLengthOfNothing implements Http1ConnectionListener {
        @Override
        public void status(ConnectionContext context, Status status) {
            if (context instanceof Line line) {
                line.answering(status);
            }
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            if (context instanceof Line line
                    && line.isWithoutBody()
                    && headers instanceof WritableHeaders<?> written
                    && written.contains(HeaderValues.CONTENT_LENGTH_ZERO)) {
                written.remove(HeaderNames.CONTENT_LENGTH);
            }
        }
    }

    /// Notes what is asked, and refuses a request that others may understand in another way.
    private static final class Strictness implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext context, HttpPrologue prologue) {
            if (context instanceof Line line && !line.asked(prologue.method())) {
                throw refused("a method is spelt in capitals, as " + prologue.method());
            }
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            boolean hasLength = headers.contains(HeaderNames.CONTENT_LENGTH);
            if (hasLength && headers.contains(HeaderNames.TRANSFER_ENCODING)) {
                throw refused("Content-Length and Transfer-Encoding don't go together");
            }
            if (hasLength && !isLength(headers.get(HeaderNames.CONTENT_LENGTH))) {
                throw refused("Content-Length is one whole number");
            }
            if (headers.contains(HeaderNames.TRANSFER_ENCODING)
                    && !isChunked(headers.get(HeaderNames.TRANSFER_ENCODING))) {
                throw refused("the one Transfer-Encoding that is understood is chunked");
            }
        }

        // Helidon understands it in lower case alone, and takes a body of any other encoding for the next request.
        private static boolean isChunked(Header header) {
            return header.valueCount() == 1 && header.get().equals("chunked");
        }

        private static boolean isLength(Header header) {
            return header.valueCount() == 1 && isLength(header.get());
        }

        // What a long holds, without the sign that its parser would take.
        private static boolean isLength(String text) {
            if (text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9') {
                return false;
            }
            try {
                return Long.parseLong(text) >= 0;
            } catch (NumberFormatException _) {
                return false;
            }
        }

        private static RequestException refused(String message) {
            return RequestException.builder()
                    .type(DirectHandler.EventType.BAD_REQUEST)
                    .status(Status.BAD_REQUEST_400)
                    .setKeepAlive(false)
                    .safeMessage(true)
                    .message(message)
                    .build();
        }
    }
}
