package io.perennial.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// Creates the streams of a [Store], each with its events, over some connections at once.
final class Creations {
    private static final int CREATED = 201;

    private final Running server;
    private final Store store;
    private int begun;
    private int done;

    /// Begins with the first.
    Creations(Running server, Store store, Loop loop, int connections) throws IOException {
        this.server = server;
        this.store = store;
        for (int one = 0; one < connections; one++) {
            new Creator(loop).next();
        }
    }

    boolean areDone() {
        return done == store.streams();
    }

    private final class Creator implements Loop.Talk {
        private final SocketChannel channel;
        private final Reply reply = new Reply();
        private final Numbered requests;

        private Creator(Loop loop) throws IOException {
            channel = loop.connect(server.address(), this);
            requests = new Numbered(
                    Wire.create(server, Store.name(0), Events.batch(0, store.eventsEach())),
                    store.streams(),
                    0,
                    CREATED,
                    0);
        }

        private void next() throws IOException {
            if (begun < store.streams()) {
                reply.expect();
                channel.write(requests.to(begun++));
            }
        }

        @Override
        public void hear(ByteBuffer bytes, long atNanos) throws IOException {
            if (reply.read(bytes)) {
                if (reply.status() != CREATED) {
                    throw new ProtocolException("the creation of a stream was answered " + reply.status());
                }
                done++;
                next();
            }
        }

        @Override
        public void end() throws IOException {
            throw new EOFException("the server closed the connection of a creation");
        }
    }
}
