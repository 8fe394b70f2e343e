package io.perennial.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.uri.UriPath;
import io.helidon.http.Status;
import io.helidon.http.http2.Http2Flag;
import io.helidon.http.http2.Http2Setting;
import io.helidon.http.http2.Http2Settings;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http2.Http2Config;
import java.io.IOException;
import java.time.Duration;

/// What Helidon 4.1 leaves to its users where many requests share one connection.
final class Http2 {
    /// The same as for HTTP/1.1, request line and headers together.
    static final int HEADER_BYTES = 32 * 1024;

    private static final int TARGET_BYTES = 16 * 1024;

    // Helidon counts streams that ended, and forgets them only where their number reaches its limit: whoever is
    // told the same limit, and keeps to it, loses the connection with everything on it. So clients are told of
    // half.
    private static final int STREAMS = 256;
    private static final int COUNTED_STREAMS = 2 * STREAMS;

    private static final int WINDOW_BYTES = 256 * 1024;

    // Who reads nothing for so long has its stream reset, and comes back.
    private static final Duration STALLED = Duration.ofSeconds(30);

    // Counted over the life of a connection, not over a period, and a proxy's connection lives long.
    private static final int RESETS = 10_000;

    private Http2() {}

    static Http2Config config() {
        return Http2Config.builder()
                .maxHeaderListSize(HEADER_BYTES)
                .maxConcurrentStreams(COUNTED_STREAMS)
                .initialWindowSize(WINDOW_BYTES)
                .flowControlTimeout(STALLED)
                .maxRapidResets(RESETS)
                // As over HTTP/1.1. What is malformed would cost the connection, not the request.
                .validatePath(false)
                .build();
    }

    /// The frame that tells a client how many requests it may have under way.
    static BufferData limits() {
        Http2Settings settings = Http2Settings.builder()
                .add(Http2Setting.MAX_CONCURRENT_STREAMS, (long) STREAMS)
                .build();
        var frame = settings.toFrameData(settings, 0, Http2Flag.SettingsFlags.create(0));
        return BufferData.create(frame.header().write(), frame.data());
    }

    static boolean is(ServerRequest request) {
        return request.prologue().protocolVersion().equals("2.0");
    }

    /// Answers one request, for as long as its client is there.
    static void answer(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (!(request.remotePeer() instanceof Audience audience)) {
            chain.proceed();
            return;
        }
        Presence presence = audience.admit(request.id());
        try {
            presence.require();
            if (!Answers.isHead(request)) {
                response.streamFilter(out -> presence.granted(out, audience.oneAtATime()));
            }
            proceed(chain, request, response);
            // Helidon waits for the rest of a body that nobody read, and has to be kept from waiting for ever.
            presence.await(() -> {
                ReadableEntity body = request.content();
                // It takes a frame that has nothing but padding for the end.
                while (body.hasEntity() && !body.consumed()) {
                    body.consume();
                }
                return presence;
            });
        } catch (IOException e) {
            throw new CloseConnectionException("the client of a request has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("a request was interrupted", e);
        } finally {
            audience.dismiss(request.id());
            if (presence.isGone()) {
                giveUp(request.content());
            }
        }
    }

    // Helidon waits for the rest of a body all the same. An interrupt ends that, but for the one that it would notice
    // as it asks for the body by a 100 (Continue). The thread ends after it.
    private static void giveUp(ReadableEntity body) {
        Thread.currentThread().interrupt();
        try {
            if (body.hasEntity() && !body.consumed()) {
                body.inputStream().read();
            }
        } catch (IOException | RuntimeException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void proceed(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        UriPath path = request.prologue().uriPath();
        String query = request.prologue().query().rawValue();
        if (path.rawPath().length() + query.length() > TARGET_BYTES) {
            refuse(
                    request,
                    response,
                    Status.REQUEST_URI_TOO_LONG_414,
                    "UriTooLong",
                    "a request's target has at most " + TARGET_BYTES + " bytes");
        } else if (!Connections.isValid(path)) {
            Answers.send(request, response, Connections.MALFORMED_PATH);
        } else {
            chain.proceed();
        }
    }

    private static void refuse(
            RoutingRequest request, RoutingResponse response, Status status, String code, String message) {
        Answers.send(request, response, Problem.of(status, code, message));
    }
}
