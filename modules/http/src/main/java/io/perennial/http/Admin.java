package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.StorageException;
import io.perennial.eventstore.Verification;
import jakarta.json.JsonArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// `/admin/backup` and `/admin/verification`: what an operator asks of a server that runs. Each reads everything, so
/// that only one goes on at a time.
final class Admin {
    private static final Header DATABASE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/vnd.sqlite3");
    private static final Header FILE =
            HeaderValues.createCached(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"events.db\"");

    private final Semaphore free = new Semaphore(1);
    private final EventStore store;

    Admin(EventStore store) {
        this.store = store;
    }

    Handler backup() {
        return (request, response) -> alone(request, () -> backup(response));
    }

    Handler verification() {
        return (request, response) -> alone(request, () -> verify(request, response));
    }

    private void alone(ServerRequest request, Runnable work) {
        RequestOrigin.requireOwn(request);
        if (!free.tryAcquire()) {
            throw new ProblemException(Problem.of(
                            Status.SERVICE_UNAVAILABLE_503,
                            "Busy",
                            "a backup or a verification goes on already: try again when it is done")
                    .with(Names.RETRY_AFTER_A_SECOND));
        }
        try {
            work.run();
        } finally {
            free.release();
        }
    }

    private void backup(ServerResponse response) {
        try (Begun out = new Begun(() -> {
            response.header(DATABASE).header(FILE).header(Names.NO_STORE);
            return response.outputStream();
        })) {
            try {
                store.backup(out);
            } catch (StorageException e) {
                if (out.hasBegun()) {
                    // Cut off, so that nobody takes a part for the whole. The store has logged it.
                    throw new CloseConnectionException("a backup broke off", e);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new CloseConnectionException("the client of a backup has gone", e);
        }
    }

    private void verify(ServerRequest request, ServerResponse response) {
        Verification verification = store.verify();
        JsonArrayBuilder problems = JsonText.provider().createArrayBuilder();
        verification.problems().forEach(problems::add);
        Answers.json(
                request,
                response,
                Status.OK_200,
                JsonText.provider()
                        .createObjectBuilder()
                        .add("sound", verification.isSound())
                        .add("streams", verification.streams())
                        .add("events", verification.events())
                        .add("bytes", verification.bytes())
                        .add("problems", problems)
                        .build());
    }

    /// An answer that begins with its first byte: what fails before can still be said.
    private static final class Begun extends OutputStream {
        private final Supplier<OutputStream> begin;
        private OutputStream out = nullOutputStream();
        private boolean hasBegun;

        Begun(Supplier<OutputStream> begin) {
            this.begin = begin;
        }

        boolean hasBegun() {
            return hasBegun;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (!hasBegun) {
                hasBegun = true;
                out = begin.get();
            }
            out.write(bytes, from, count);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
