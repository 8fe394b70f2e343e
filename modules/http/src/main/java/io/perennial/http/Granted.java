package io.perennial.http;

import io.helidon.http.http2.FlowControl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Lock;

/// An answer's output over HTTP/2 that never sends more than its client granted.
///
/// Helidon 4.1 looks at the connection's window, writes, and takes what it wrote from the window: two answers at
/// once send the same grant twice, and strict clients end the connection for it. So all answers of a connection go
/// through here, one at a time, but only for what the windows have room for: who has to wait for more waits
/// outside the lock, and stalls nobody.
final class Granted extends OutputStream {
    private static final int PIECE_BYTES = 16 * 1024;

    private final Presence presence;
    private final OutputStream out;
    private final FlowControl.Outbound windows;
    private final Lock oneAtATime;

    Granted(Presence presence, OutputStream out, FlowControl.Outbound windows, Lock oneAtATime) {
        this.presence = presence;
        this.out = out;
        this.windows = windows;
        this.oneAtATime = oneAtATime;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int sent = 0;
        while (sent < length) {
            int piece = send(bytes, offset + sent, length - sent);
            sent += piece;
            if (piece == 0) {
                awaitGrant();
            }
        }
    }

    private void awaitGrant() throws IOException {
        try {
            presence.await(() -> {
                windows.blockTillUpdate();
                return windows;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the client grants nothing");
        }
    }

    private int send(byte[] bytes, int offset, int length) throws IOException {
        oneAtATime.lock();
        try {
            int piece = Math.min(Math.min(length, PIECE_BYTES), windows.getRemainingWindowSize());
            if (piece > 0) {
                out.write(bytes, offset, piece);
                // Helidon keeps the first piece until there is a second.
                out.flush();
            }
            return piece;
        } finally {
            oneAtATime.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
