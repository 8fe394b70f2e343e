package io.perennial.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// Asks a URL for keys: once, within a time and a size, and goes nowhere else when told to.
///
/// By the client of java.base, so that no other is needed; in a thread of its own, since looking up a name holds on to
/// the thread that does it.
record KeyRequest(URI url, Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 256 * 1024;

    KeyRequest(URI url) {
        this(url, PATIENCE);
    }

    /// The answer's text; fails with an [IOException] within five seconds otherwise.
    CompletableFuture<String> send() {
        HttpURLConnection connection;
        try {
            connection = (HttpURLConnection) url.toURL().openConnection();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) patience.toMillis());
        connection.setReadTimeout((int) patience.toMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "application/jwk-set+json, application/json");
        connection.setRequestProperty("Connection", "close");
        return CompletableFuture.supplyAsync(() -> text(connection), KeyRequest::run)
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                // An answer that trickles in keeps every other timeout from running out.
                .whenComplete((_, _) -> connection.disconnect());
    }

    private static void run(Runnable task) {
        Thread.ofPlatform().daemon().name("perennial-keys").start(task);
    }

    private static String text(HttpURLConnection connection) {
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("it answers " + status);
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] bytes = in.readNBytes(MOST_BYTES + 1);
                if (bytes.length > MOST_BYTES) {
                    throw new IOException("it answers with more than " + MOST_BYTES + " bytes");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
