package io.perennial.http;

import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The clients at the other end of one connection: over HTTP/2 as many as it has open streams.
///
/// It is the connection's peer, because that is what a request can ask for. The connection's thread alone says who
/// comes and goes; threads that answer say when they are done.
final class Audience implements PeerInfo {
    private final PeerInfo peer;
    private final Transit transit;
    private final Map<Integer, Presence> present = new ConcurrentHashMap<>();
    private final AtomicInteger answering = new AtomicInteger();
    private final Lock oneAtATime = new ReentrantLock();
    private final Acquaintance acquaintance = new Acquaintance();
    private int lastStream;

    Audience(PeerInfo peer, Transit transit) {
        this.peer = peer;
        this.transit = transit;
    }

    /// A request begins. What belongs to an earlier stream is its trailers.
    void open(int stream) {
        if (stream > lastStream) {
            lastStream = stream;
            present.put(stream, new Presence(transit));
        }
    }

    void reset(int stream) {
        Presence presence = present.get(stream);
        if (presence != null) {
            presence.leave();
        }
    }

    /// Ends the waits for bodies that take longer.
    void hurry(Duration most) {
        present.values().forEach(presence -> presence.hurry(most));
    }

    void leave() {
        present.values().forEach(Presence::leave);
    }

    Presence presence(int stream) {
        return present.getOrDefault(stream, new Presence(transit));
    }

    Presence admit(int stream) {
        answering.incrementAndGet();
        return presence(stream);
    }

    void dismiss(int stream) {
        answering.decrementAndGet();
        present.remove(stream);
    }

    /// Held by the one answer that writes.
    Lock oneAtATime() {
        return oneAtATime;
    }

    Acquaintance acquaintance() {
        return acquaintance;
    }

    boolean isServed() {
        return answering.get() == 0;
    }

    @Override
    public SocketAddress address() {
        return peer.address();
    }

    @Override
    public String host() {
        return peer.host();
    }

    @Override
    public int port() {
        return peer.port();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return peer.tlsPrincipal();
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return peer.tlsCertificates();
    }
}
