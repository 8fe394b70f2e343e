package io.perennial.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy that breaks connections off in the middle of what the server sends: half of them with a reset.
final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 4_096;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI target;
    private final Random random;
    private final int most;
    private final int leastBytes;
    private final int mostBytes;
    private final AtomicInteger cuts = new AtomicInteger();

    /// @param most how many connections are cut; later ones are left alone
    /// @param leastBytes how much of an answer comes through at least
    CuttingProxy(URI target, long seed, int most, int leastBytes, int mostBytes) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        this.most = most;
        this.leastBytes = leastBytes;
        this.mostBytes = mostBytes;
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = connect(client);
                int bytes = cuts.get() < most ? random.nextInt(leastBytes, mostBytes) : Integer.MAX_VALUE;
                Thread.ofVirtual().start(() -> carry(client, server, Integer.MAX_VALUE));
                Thread.ofVirtual().start(() -> carry(server, client, bytes));
            } catch (IOException e) {
                // The proxy was closed, or the server is gone.
            }
        }
    }

    // A client of a server that is gone shall notice.
    private Socket connect(Socket client) throws IOException {
        try {
            return new Socket(target.getHost(), target.getPort());
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private void carry(Socket from, Socket to, int bytes) {
        int left = bytes;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer, 0, Math.min(left, BUFFER_BYTES)); n > 0; ) {
                to.getOutputStream().write(buffer, 0, n);
                left -= n;
                n = left == 0 ? 0 : in.read(buffer, 0, Math.min(left, BUFFER_BYTES));
            }
            if (left == 0 && cuts.incrementAndGet() % 2 == 0) {
                to.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // One side has gone, and takes the other along.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
