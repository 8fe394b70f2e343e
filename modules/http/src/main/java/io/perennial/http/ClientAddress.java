package io.perennial.http;

import io.helidon.http.Forwarded;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a request comes from: the other end of the connection, unless that is a proxy that is believed whom it calls
/// for.
record ClientAddress(List<Network> proxies) {
    private static final HeaderName FORWARDED = HeaderNames.create("Forwarded");
    private static final int NETWORK_BYTES = 8;

    static ClientAddress behind(CallerLimits limits) {
        return new ClientAddress(limits.proxies().stream().map(Network::parse).toList());
    }

    String of(ServerRequest request) {
        String peer = request.remotePeer().host();
        if (proxies.isEmpty() || !isProxy(peer)) {
            return peer;
        }
        // The last is what the proxy itself saw; before it stands what others say. The first that is no proxy of ours
        // is the client.
        List<String> said = said(request);
        for (String address : said.reversed()) {
            if (!isProxy(address)) {
                return isAddress(address) ? address : peer;
            }
        }
        return said.isEmpty() ? peer : said.getFirst();
    }

    /// Whom limits count the request to: an IPv4 address, or the /64 that an IPv6 address is in. Whoever has one of
    /// these addresses has all of them, and would otherwise come from another each time.
    String counted(ServerRequest request) {
        String address = of(request);
        try {
            return counted(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException _) {
            return address;
        }
    }

    // Java reads an IPv4 address that is mapped into IPv6 as the IPv4 address that it is.
    private static String counted(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
                : address.getHostAddress();
    }

    // A proxy writes one of the two headers, and leaves the other as the client sent it: where both are there, neither
    // is believed.
    private static List<String> said(ServerRequest request) {
        List<String> standard = request.headers().all(FORWARDED, List::of);
        List<String> usual = request.headers().all(HeaderNames.X_FORWARDED_FOR, List::of);
        if (!standard.isEmpty() && !usual.isEmpty()) {
            return List.of();
        }
        Stream<String> said = standard.isEmpty()
                ? usual.stream().flatMap(line -> Arrays.stream(line.split(",", -1)))
                : forwarded(request).stream().map(Forwarded::forClient).flatMap(Optional::stream);
        return said.map(String::strip).map(ClientAddress::bare).toList();
    }

    private static List<Forwarded> forwarded(ServerRequest request) {
        try {
            return Forwarded.create(request.headers());
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }

    // Without a port, and without the brackets of an address that has colons.
    private static String bare(String text) {
        String plain = text.replace("\"", "");
        if (plain.startsWith("[")) {
            return plain.substring(1, Math.max(1, plain.indexOf(']')));
        }
        int colon = plain.indexOf(':');
        return colon >= 0 && colon == plain.lastIndexOf(':') ? plain.substring(0, colon) : plain;
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private boolean isProxy(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return proxies.stream().anyMatch(network -> network.contains(address));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
