package io.perennial.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A TCP proxy that is no good: each connection has a fate of its own, drawn from a seed.
final class ChaosProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 4_096;
    private static final int MOST_BYTES = 60_000;
    private static final int MOST_PAUSE_MILLIS = 300;

    private final ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final Supplier<URI> target;
    private final Random random;
    private final Map<Fate, Integer> fates = new TreeMap<>();

    /// What becomes of a connection after some bytes in one direction.
    enum Fate {
        LEFT_ALONE,
        ENDED,
        RESET,
        HALF_CLOSED,
        STALLED,
        TRICKLING
    }

    /// @param target asked again for each connection
    ChaosProxy(Supplier<URI> target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// How many connections had which fate.
    synchronized Map<Fate, Integer> fates() {
        return new TreeMap<>(fates);
    }

    /// @param isOfAnswers which direction it is about
    /// @param bytes after how many
    private record Plan(Fate fate, boolean isOfAnswers, int bytes, long pauseNanos) {}

    private synchronized Plan plan() {
        Fate[] all = Fate.values();
        Fate fate = all[random.nextInt(all.length)];
        fates.merge(fate, 1, Integer::sum);
        return new Plan(
                fate,
                random.nextInt(4) > 0,
                random.nextInt(MOST_BYTES),
                TimeUnit.MILLISECONDS.toNanos(random.nextInt(MOST_PAUSE_MILLIS)));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(target.get().getHost(), target.get().getPort());
            Plan plan = plan();
            Thread.ofVirtual().start(() -> carry(client, server, plan, !plan.isOfAnswers()));
            carry(server, client, plan, plan.isOfAnswers());
        } catch (IOException e) {
            // No server at this moment.
            close(client);
        }
    }

    private static void carry(Socket from, Socket to, Plan plan, boolean isDoomed) {
        int left = isDoomed ? plan.bytes() : Integer.MAX_VALUE;
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer, 0, Math.min(left, BUFFER_BYTES)); n > 0; ) {
                out.write(buffer, 0, n);
                left -= n;
                if (left == 0 && !goesOn(to, plan)) {
                    break;
                }
                left = left > 0 ? left : Integer.MAX_VALUE;
                n = in.read(buffer, 0, Math.min(left, isDoomed && plan.fate() == Fate.TRICKLING ? 100 : BUFFER_BYTES));
            }
            if (isDoomed && plan.fate() == Fate.HALF_CLOSED) {
                to.shutdownOutput();
                return;
            }
        } catch (IOException e) {
            // One side has gone, and takes the other along.
        }
        close(from);
        close(to);
    }

    // Returns whether more is carried.
    private static boolean goesOn(Socket to, Plan plan) throws IOException {
        return switch (plan.fate()) {
            case LEFT_ALONE, TRICKLING -> true;
            case STALLED -> {
                LockSupport.parkNanos(plan.pauseNanos());
                yield true;
            }
            case RESET -> {
                to.setSoLinger(true, 0);
                yield false;
            }
            case ENDED, HALF_CLOSED -> false;
        };
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Gone already.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
