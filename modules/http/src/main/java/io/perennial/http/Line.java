package io.perennial.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/// A connection's ends as Helidon knows them, with an [Audience] for its peer.
final class Line implements ConnectionContext {
    private static final Set<Status> NO_BODY = Set.of(Status.NO_CONTENT_204, Status.NOT_MODIFIED_304);

    private final ConnectionContext context;
    private final Audience audience;
    private final Arrival arrival;
    private final DataReader reader;
    // Of the request that is being answered over HTTP/1.1, one after the other.
    private Method method = Method.GET;
    private Status status = Status.OK_200;

    Line(ConnectionContext context, Transit transit) {
        this.context = context;
        this.audience = new Audience(context.remotePeer(), transit);
        this.arrival = new Arrival(context.dataReader());
        this.reader = new RequestLines(arrival);
    }

    private Line(Line line, DataReader reader) {
        this.context = line.context;
        this.audience = line.audience;
        this.arrival = line.arrival;
        this.reader = reader;
    }

    /// The same, where HTTP/2 begins.
    Line framed() {
        arrival.frames();
        Runnable afterPreface = () -> context.dataWriter().write(Http2.limits());
        return new Line(this, new DataReader(new FrameReader(reader, audience, afterPreface)));
    }

    /// Notes what is asked over HTTP/1.1.
    ///
    /// @return whether it was spelt so: Helidon takes `head` for `HEAD`, and a proxy in front of it doesn't
    boolean asked(Method asked) {
        method = asked;
        return !(reader instanceof RequestLines lines) || lines.lastBeginsWith(asked.text() + " ");
    }

    void answering(Status answer) {
        status = answer;
        arrival.end();
    }

    /// Over HTTP/1.1, where one request comes after the other.
    Arrival arrival() {
        return arrival;
    }

    boolean isWithoutBody() {
        return method.equals(Method.HEAD) || NO_BODY.contains(status);
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

    /// Keeps a request line for a moment, which Helidon tells in parts.
    private static final class RequestLines extends DataReader {
        private byte[] last = {};

        RequestLines(Supplier<byte[]> in) {
            super(in);
        }

        @Override
        public byte[] readBytes(int length) {
            last = super.readBytes(length);
            return last;
        }

        boolean lastBeginsWith(String text) {
            byte[] line = last;
            last = new byte[0];
            return new String(line, StandardCharsets.ISO_8859_1).startsWith(text);
        }
    }
}
