package io.perennial.acceptance;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// One request after another on one connection, and on another one when that has broken off: the shortest way to a
/// server, so that hardly anything else lies between a call and its return.
final class KeptLine implements AutoCloseable {
    private final URI url;
    private Optional<Wire> wire = Optional.empty();

    KeptLine(URI url) {
        this.url = url;
    }

    /// @throws IOException where the connection breaks off before the whole answer is there
    Wire.Answer exchange(String method, String target, String body, String... headers) throws IOException {
        Wire used = wire.isPresent() ? wire.get() : Wire.connect(url);
        wire = Optional.of(used);
        try {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Content-Length";
            all[headers.length + 1] = Integer.toString(bytes.length);
            used.send((Wire.request(method, target, all) + body).getBytes(StandardCharsets.UTF_8));
            Wire.Head head = used.head();
            return method.equals("HEAD") ? new Wire.Answer(head, "") : used.answer(head);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to " + method + " " + target, e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (wire.isPresent()) {
            wire.get().close();
            wire = Optional.empty();
        }
    }
}
