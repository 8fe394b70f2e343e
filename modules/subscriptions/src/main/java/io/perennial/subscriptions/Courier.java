package io.perennial.subscriptions;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.spi.DnsResolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/// Calls webhooks over HTTP/1.1: one connection for each call, to the address that [Destinations] judged, and no
/// redirects, which would lead elsewhere.
///
/// The client asks its resolver for the one address to connect to, and keeps the name for TLS and the `Host` header:
/// that is why it is Helidon's and not the JDK's, which looks names up where nobody can judge. A call runs in a virtual
/// thread of its own, as only of these an interrupt ends a read that waits: so the whole call has a deadline, and not
/// each read.
final class Courier implements Post {
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    // A proxy says so that has handed the call on, and then heard nothing, or not all: somebody may be at work.
    private static final Set<Integer> LOST = Set.of(502, 504);

    private final Semaphore calls;
    private final Http1Client client;

    /// Judges a host, and gives the address to connect to.
    @FunctionalInterface
    interface Judge {
        InetAddress address(String host) throws UnknownHostException;
    }

    Courier(int deliveries, Judge judge) {
        this(deliveries, judge, Tls.builder().build());
    }

    Courier(int deliveries, Judge judge, Tls tls) {
        this.calls = new Semaphore(deliveries);
        this.client = Http1Client.builder()
                .dnsResolver(new Judging(judge))
                .tls(tls)
                .proxy(Proxy.noProxy())
                .followRedirects(false)
                .keepAlive(false)
                .servicesDiscoverServices(false)
                .connectTimeout(CONNECT)
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
            return failed(e);
        }
    }

    private Exchange call(URI url, byte[] body, String signature) throws IOException {
        // The client takes a URI's query apart and decodes it, line ends and all; a path it leaves as it is.
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        try (HttpClientResponse response = client.post()
                .uri(url.getScheme() + "://" + url.getRawAuthority())
                .path(path + query)
                .skipUriEncoding(true)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.USER_AGENT, "Perennial")
                .header(HeaderNames.create("Webhook-Signature"), signature)
                .header(HeaderValues.CONNECTION_CLOSE)
                .submit(body)) {
            int status = response.status().code();
            return switch (response.status().family()) {
                case SUCCESSFUL -> taken(response);
                // The client takes what goes before an answer for one.
                case INFORMATIONAL -> new Exchange.Unknown("status " + status);
                case REDIRECTION, CLIENT_ERROR, SERVER_ERROR, OTHER ->
                    LOST.contains(status)
                            ? new Exchange.Unknown("status " + status)
                            : new Exchange.Refused("status " + status);
            };
        }
    }

    private static Exchange taken(HttpClientResponse response) throws IOException {
        if (!response.entity().hasEntity()) {
            return new Exchange.Accepted();
        }
        boolean endsWithConnection = !response.headers().contains(HeaderNames.CONTENT_LENGTH)
                && !response.headers().contains(HeaderNames.TRANSFER_ENCODING);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (InputStream in = response.inputStream()) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (body.size() == MOST_BODY_BYTES) {
                    return new Exchange.Accepted();
                }
                body.write(next);
            }
        } catch (RuntimeException e) {
            // What the client has instead of an end where a body ends with its connection.
            if (!endsWithConnection) {
                throw e;
            }
        }
        return saysDone(body.toByteArray()) ? new Exchange.Done() : new Exchange.Accepted();
    }

    // Whatever else it says, or can't say, it has taken the wake.
    private static boolean saysDone(byte[] body) {
        try {
            return JsonText.object(body).getBoolean("done", false);
        } catch (RuntimeException _) {
            return false;
        }
    }

    private static Exchange failed(ExecutionException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Destinations.RefusedAddressException
                    || cause instanceof ConnectException
                    || cause instanceof SSLHandshakeException
                    || cause instanceof UnresolvedException) {
                return new Exchange.Refused(String.valueOf(cause));
            }
        }
        return new Exchange.Unknown(String.valueOf(failure.getCause()));
    }

    private record Judging(Judge judge) implements DnsResolver {
        @Override
        public InetAddress resolveAddress(String host, DnsAddressLookup lookup) {
            try {
                // With the name it was asked for: the client expects a certificate of whatever the address is called,
                // and would ask the address's owner for that.
                return InetAddress.getByAddress(host, judge.address(host).getAddress());
            } catch (UnknownHostException e) {
                throw new UnresolvedException(e);
            }
        }
    }

    private static final class UnresolvedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnresolvedException(UnknownHostException cause) {
            super(cause);
        }
    }
}
