package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// A connection's ends as Helidon knows them, with an [Audience] for its peer.
final class Line implements ConnectionContext {
    private final ConnectionContext context;
    private final Audience audience;
    private final DataReader reader;

    Line(ConnectionContext context) {
        this(context, new Audience(context.remotePeer()), context.dataReader());
    }

    private Line(ConnectionContext context, Audience audience, DataReader reader) {
        this.context = context;
        this.audience = audience;
        this.reader = reader;
    }

    /// The same, where HTTP/2 begins.
    Line framed() {
        Runnable afterPreface = () -> context.dataWriter().write(Http2.limits());
        return new Line(context, audience, new DataReader(new FrameReader(reader, audience, afterPreface)));
    }

    Audience audience() {
        return audience;
    }

    @Override
    public PeerInfo remotePeer() {
        return audience;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return context.dataWriter();
    }

    @Override
    public ListenerContext listenerContext() {
        return context.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return context.executor();
    }

    @Override
    public Router router() {
        return context.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return context.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return context.serverSocket();
    }

    @Override
    public PeerInfo localPeer() {
        return context.localPeer();
    }

    @Override
    public boolean isSecure() {
        return context.isSecure();
    }

    @Override
    public String socketId() {
        return context.socketId();
    }

    @Override
    public String childSocketId() {
        return context.childSocketId();
    }
}
