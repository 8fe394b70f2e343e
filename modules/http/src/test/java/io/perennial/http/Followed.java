package io.perennial.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A live answer as its client sees it, frame by frame.
final class Followed implements AutoCloseable {
    private final Wire wire;
    private final Answer head;
    private String buffered = "";
    private boolean ended;

    private Followed(Wire wire) throws IOException {
        this.wire = wire;
        this.head = wire.head();
    }

    static Followed of(int port, String target, String... headers) throws IOException {
        return of(Wire.to(port), target, headers);
    }

    static Followed of(Wire wire, String target, String... headers) throws IOException {
        return new Followed(wire.request("GET", target, headers));
    }

    Answer head() {
        return head;
    }

    Wire wire() {
        return wire;
    }

    /// The next frame, with the empty line that ends it.
    String frame() throws IOException {
        int end = buffered.indexOf("\n\n");
        while (end < 0) {
            if (!more()) {
                throw new AssertionError("the answer ended before a frame did, after: " + buffered);
            }
            end = buffered.indexOf("\n\n");
        }
        String frame = buffered.substring(0, end + 2);
        buffered = buffered.substring(end + 2);
        return frame;
    }

    List<String> frames(int count) throws IOException {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame());
        }
        return frames;
    }

    /// Whatever is left before the answer's proper end, for which it waits.
    String rest() throws IOException {
        while (more()) {
            // It is all kept.
        }
        String rest = buffered;
        buffered = "";
        return rest;
    }

    private boolean more() throws IOException {
        if (!ended) {
            byte[] chunk = wire.chunk();
            ended = chunk.length == 0;
            buffered += new String(chunk, StandardCharsets.UTF_8);
        }
        return !ended;
    }

    @Override
    public void close() {
        wire.close();
    }
}
