package io.perennial.http;

import io.helidon.http.Forwarded;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where a request comes from: the other end of the connection, unless that is a proxy that is believed whom it calls
/// for.
record ClientAddress(List<Network> proxies) {
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
                return address;
            }
        }
        return said.isEmpty() ? peer : said.getFirst();
    }

    private static List<String> said(ServerRequest request) {
        List<Forwarded> forwarded = Forwarded.create(request.headers());
        if (!forwarded.isEmpty()) {
            return forwarded.stream()
                    .map(Forwarded::forClient)
                    .flatMap(Optional::stream)
                    .map(ClientAddress::bare)
                    .toList();
        }
        List<String> said = new ArrayList<>();
        for (String line : request.headers().all(HeaderNames.X_FORWARDED_FOR, List::of)) {
            Arrays.stream(line.split(",", -1))
                    .map(String::strip)
                    .map(ClientAddress::bare)
                    .forEach(said::add);
        }
        return said;
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

    private boolean isProxy(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return proxies.stream().anyMatch(network -> network.contains(address));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
