package io.perennial.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.perennial.access.ClientAuthorities;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

/// TLS of the listener, with the certificate that the files have: when they change, the next connection gets the new
/// one, and those that are there go on.
///
/// A change counts once it has rested from one look to the next, so that a certificate and its key, which are written
/// one after the other, come together. What can't be used is reported once, and the old one stays.
final class ListenerTls implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ListenerTls.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);

    static {
        // A session that the client alone remembers can't be forgotten here, and would keep an old certificate, and a
        // client whose authority isn't trusted any more, for a day.
        System.getProperties().putIfAbsent("jdk.tls.server.enableSessionTicketExtension", "false");
        // The costly part of TLS 1.2, as often as the client likes, and another client certificate in the middle.
        System.getProperties().putIfAbsent("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private final TlsFiles files;
    private final Handshakes handshakes;
    private final ClientAuthorities authorities;
    private final Tls tls;
    private final CountDownLatch closed = new CountDownLatch(1);
    // The watching thread's own: what was taken or refused last, and what was there at the last look.
    private List<Object> known;
    private List<Object> seen;

    private ListenerTls(TlsFiles files, Handshakes handshakes, ClientAuthorities authorities) {
        this.files = files;
        this.handshakes = handshakes;
        this.authorities = authorities;
        // Before the files are read, so that no change is missed.
        this.known = files.stamp();
        this.seen = known;
        TlsFiles.Loaded loaded = files.load();
        authorities.are(loaded.clientAuthorities());
        this.tls = loaded.tls();
    }

    /// Nothing where there is to be no TLS.
    ///
    /// @param connections how many handshakes there may be at once
    /// @param patience how long one may take
    /// @param authorities told who vouches for clients, now and after every change
    /// @throws SettingException where the files aren't as they have to be
    static Optional<ListenerTls> of(
            Settings settings, int connections, Duration patience, ClientAuthorities authorities) {
        return TlsFiles.of(settings)
                .map(files -> new ListenerTls(files, new Handshakes(connections, patience), authorities));
    }

    /// Has a listener speak TLS and nothing else.
    void secure(WebServerConfig.Builder listener, SocketOptions options, ServerConnectionSelector protocols) {
        listener.tls(tls)
                .connectionOptions(handshakes.beginning(options))
                .addConnectionSelector(handshakes.ending(protocols));
    }

    /// Looks after its certificate and its handshakes until this is closed.
    void watch(WebServer listener) {
        Thread.ofVirtual().name("perennial-tls").start(() -> {
            try {
                while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    handshakes.cut();
                    look(listener);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void look(WebServer listener) {
        List<Object> now = files.stamp();
        boolean hasRested = now.equals(seen);
        seen = now;
        if (hasRested && !now.equals(known)) {
            known = now;
            reload(listener);
        }
    }

    private void reload(WebServer listener) {
        try {
            TlsFiles.Loaded loaded = files.load();
            // First: whoever comes by the new ones is known by them.
            authorities.are(loaded.clientAuthorities());
            listener.reloadTls(loaded.tls());
            forgetSessions();
            LOG.log(
                    Level.INFO,
                    "tls.reloaded serial=" + loaded.leaf().getSerialNumber().toString(16) + " expires="
                            + loaded.leaf().getNotAfter().toInstant());
        } catch (SettingException e) {
            LOG.log(Level.WARNING, "tls.reload-failed reason=" + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "tls.reload-failed reason=" + e);
        }
    }

    // With one of them a client is let in as it was then, and is shown no certificate.
    private void forgetSessions() {
        SSLSessionContext sessions = tls.sslContext().getServerSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            if (session != null) {
                session.invalidate();
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        handshakes.close();
    }
}
