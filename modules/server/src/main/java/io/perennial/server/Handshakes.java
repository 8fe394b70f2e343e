package io.perennial.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The connections whose handshake isn't done.
///
/// Helidon 4.1 does the handshake before it asks anybody for a protocol, waits for it for ever, and doesn't close what
/// fails in it. Here a handshake has as long as a request has to arrive, all in all; and where there are more than
/// there may be connections, the oldest goes: to refuse the newcomer would let those who say nothing shut everybody
/// out.
///
/// A socket comes in where its options are set, which is right after it was accepted, and leaves where its protocol is
/// asked for. Thread-safe.
final class Handshakes {
    private final int most;
    private final Duration patience;
    // In the order in which they came.
    private final SequencedMap<Ends, Begun> begun = new LinkedHashMap<>();

    private record Ends(SocketAddress remote, SocketAddress local) {}

    private record Begun(Socket socket, long sinceNanos) {
        boolean isOver(Duration patience) {
            return socket.isClosed() || System.nanoTime() - sinceNanos > patience.toNanos();
        }
    }

    Handshakes(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    SocketOptions beginning(SocketOptions options) {
        return new Beginning(options);
    }

    ServerConnectionSelector ending(ServerConnectionSelector selector) {
        return new Ending(selector);
    }

    private synchronized void begin(Socket socket) {
        Ends ends = new Ends(socket.getRemoteSocketAddress(), socket.getLocalSocketAddress());
        // One that failed, whose address has been taken again.
        begun.remove(ends);
        begun.put(ends, new Begun(socket, System.nanoTime()));
        if (begun.size() > most) {
            close(begun.pollFirstEntry().getValue().socket());
        }
    }

    private synchronized void end(ConnectionContext context) {
        begun.remove(
                new Ends(context.remotePeer().address(), context.localPeer().address()));
    }

    /// Ends those that take too long.
    synchronized void cut() {
        Iterator<Begun> oldest = begun.values().iterator();
        while (oldest.hasNext()) {
            Begun handshake = oldest.next();
            if (handshake.isOver(patience)) {
                oldest.remove();
                close(handshake.socket());
            }
        }
    }

    /// Ends all.
    void close() {
        List<Begun> all;
        synchronized (this) {
            all = new ArrayList<>(begun.values());
            begun.clear();
        }
        all.forEach(handshake -> close(handshake.socket()));
    }

    // In a thread of its own: an SSL socket says goodbye, and whoever doesn't read may keep it from that.
    private static void close(Socket socket) {
        Thread.ofVirtual().start(() -> {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException _) {
                // It is closed.
            }
        });
    }

    private final class Beginning implements SocketOptions {
        private final SocketOptions options;

        Beginning(SocketOptions options) {
            this.options = options;
        }

        @Override
        public void configureSocket(Socket socket) {
            options.configureSocket(socket);
            begin(socket);
        }

        @Override
        public Map<SocketOption<?>, Object> socketOptions() {
            return options.socketOptions();
        }

        @Override
        public Duration connectTimeout() {
            return options.connectTimeout();
        }

        @Override
        public Duration readTimeout() {
            return options.readTimeout();
        }

        @Override
        public Optional<Integer> socketReceiveBufferSize() {
            return options.socketReceiveBufferSize();
        }

        @Override
        public Optional<Integer> socketSendBufferSize() {
            return options.socketSendBufferSize();
        }

        @Override
        public boolean socketReuseAddress() {
            return options.socketReuseAddress();
        }

        @Override
        public boolean socketKeepAlive() {
            return options.socketKeepAlive();
        }

        @Override
        public boolean tcpNoDelay() {
            return options.tcpNoDelay();
        }
    }

    private final class Ending implements ServerConnectionSelector {
        private final ServerConnectionSelector selector;

        Ending(ServerConnectionSelector selector) {
            this.selector = selector;
        }

        @Override
        public int bytesToIdentifyConnection() {
            return selector.bytesToIdentifyConnection();
        }

        @Override
        public Support supports(BufferData data) {
            return selector.supports(data);
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return selector.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            end(context);
            return selector.connection(context);
        }
    }
}
