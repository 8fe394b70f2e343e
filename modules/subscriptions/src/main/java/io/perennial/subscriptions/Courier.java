package io.perennial.subscriptions;

import io.helidon.common.LazyValue;
import io.helidon.common.uri.UriInfo;
import io.helidon.common.uri.UriPath;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.api.ClientUri;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;

/// Calls webhooks over HTTP/1.1: one [Line] for each call, to the address that [Destinations] judged, and no redirects,
/// which would lead elsewhere.
///
/// A call runs in a virtual thread of its own, as only of these an interrupt ends a read that waits: so the whole call
/// has a deadline, and not each read.
final class Courier implements Post {
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final int MOST_HEADER_BYTES = 16 * 1024;

    // A body may come in small chunks, of which each has a line of its own.
    private static final long MOST_BYTES = 8 * MOST_BODY_BYTES;

    // A gateway says so that has handed the call on and then heard nothing, or not all: somebody may be at work.
    private static final Set<Integer> LOST = Set.of(502, 504);

    private final Semaphore calls;
    private final Destinations destinations;
    // Made when the first webhook is called: the certificates alone are a good part of a start.
    private final LazyValue<SSLSocketFactory> tls;
    private final LazyValue<Http1Client> client = LazyValue.create(Courier::client);

    Courier(int deliveries, Destinations destinations) {
        this(deliveries, destinations, LazyValue.create(() -> (SSLSocketFactory) SSLSocketFactory.getDefault()));
    }

    Courier(int deliveries, Destinations destinations, SSLSocketFactory tls) {
        this(deliveries, destinations, LazyValue.create(tls));
    }

    private Courier(int deliveries, Destinations destinations, LazyValue<SSLSocketFactory> tls) {
        this.calls = new Semaphore(deliveries);
        this.destinations = destinations;
        this.tls = tls;
    }

    private static Http1Client client() {
        return Http1Client.builder()
                .proxy(Proxy.noProxy())
                .followRedirects(false)
                .servicesDiscoverServices(false)
                .sendExpectContinue(false)
                .shareConnectionCache(false)
                .protocolConfig(protocol -> protocol.maxHeaderSize(MOST_HEADER_BYTES))
                .build();
    }

    @Override
    public Exchange send(URI url, byte[] body, String signature, Duration patience) {
        FutureTask<Exchange> call = new FutureTask<>(() -> call(url, body, signature));
        Thread thread = Thread.ofVirtual().name("subscriptions-delivery").unstarted(call);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            if (!calls.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Exchange.Refused("as many webhooks are called as may be at once");
            }
            try {
                thread.start();
                return call.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } finally {
                thread.interrupt();
                calls.release();
            }
        } catch (TimeoutException _) {
            return new Exchange.Unknown("no answer within " + patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Exchange.Unknown("the server stops");
        } catch (ExecutionException e) {
            return new Exchange.Unknown(String.valueOf(e.getCause()));
        }
    }

    private Exchange call(URI url, byte[] body, String signature) {
        Line line;
        try {
            InetAddress address = destinations.address(url.getHost());
            SSLSocketFactory factory = tls.get();
            // A connection on loopback is made, and written to, before anything asks for an interrupt: a call that was
            // given up would come after the one that took its place.
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the call was given up");
            }
            line = Line.open(url, address, factory, MOST_BYTES);
        } catch (IOException | Destinations.RefusedAddressException e) {
            return new Exchange.Refused(String.valueOf(e));
        }
        try (line;
                HttpClientResponse response = client.get()
                        .post()
                        .connection(line)
                        .uri(target(url))
                        .header(HeaderNames.CONTENT_TYPE, "application/json")
                        .header(HeaderNames.USER_AGENT, "Perennial")
                        .header(HeaderNames.create("Webhook-Signature"), signature)
                        .header(HeaderValues.CONNECTION_CLOSE)
                        .submit(body)) {
            int status = response.status().code();
            return switch (response.status().family()) {
                case SUCCESSFUL -> taken(response);
                // The answer is yet to come, and the client doesn't wait for it.
                case INFORMATIONAL -> new Exchange.Unknown("status " + status);
                case REDIRECTION, CLIENT_ERROR, SERVER_ERROR, OTHER ->
                    LOST.contains(status)
                            ? new Exchange.Unknown("status " + status)
                            : new Exchange.Refused("status " + status);
            };
        }
    }

    /// The URL for the client as it is, with all its escapes. From a [URI] the client takes the path decoded, and then
    /// either encodes it differently, or not at all, and whoever writes `%0D%0A` writes a request of his own.
    private static ClientUri target(URI url) {
        URI ascii = URI.create(url.toASCIIString());
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        UriInfo.Builder target = UriInfo.builder()
                .scheme(ascii.getScheme().toLowerCase(Locale.ROOT))
                .host(ascii.getHost())
                .path(UriPath.create(path + query));
        if (ascii.getPort() >= 0) {
            target.port(ascii.getPort());
        }
        return ClientUri.create(target.build());
    }

    private static Exchange taken(HttpClientResponse response) {
        if (!response.entity().hasEntity()) {
            return new Exchange.Accepted();
        }
        byte[] body = new byte[MOST_BODY_BYTES + 1];
        int length = read(response.inputStream(), body);
        return length <= MOST_BODY_BYTES && saysDone(Arrays.copyOf(body, length))
                ? new Exchange.Done()
                : new Exchange.Accepted();
    }

    private static int read(InputStream in, byte[] body) {
        int length = 0;
        try {
            int read = 0;
            while (read >= 0 && length < body.length) {
                read = in.read(body, length, body.length - length);
                length += Math.max(read, 0);
            }
        } catch (IOException | RuntimeException _) {
            // The status has been said, and the body is whatever came before its end, which the client takes for a
            // failure even where nothing but the end of the connection tells it.
        }
        return length;
    }

    // Whatever else it says, or can't say, it has taken the wake.
    private static boolean saysDone(byte[] body) {
        try {
            return JsonText.object(body).getBoolean("done", false);
        } catch (RuntimeException _) {
            return false;
        }
    }
}
