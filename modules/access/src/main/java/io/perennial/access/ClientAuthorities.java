package io.perennial.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Who vouches for client certificates now. Whoever has one of an authority that isn't among them any more is over, on
/// connections that began before, too. Safe for use by many threads.
public final class ClientAuthorities {
    private volatile Trust trust = new Trust(List.of(), Optional.empty());

    private static final class Trust {
        private final List<X509Certificate> authorities;
        private final Optional<X509TrustManager> judge;

        private Trust(List<X509Certificate> authorities, Optional<X509TrustManager> judge) {
            this.authorities = authorities;
            this.judge = judge;
        }

        private boolean covers(List<X509Certificate> chain) {
            if (judge.isEmpty() || chain.isEmpty()) {
                return false;
            }
            try {
                String kind = chain.getFirst().getPublicKey().getAlgorithm();
                judge.get().checkClientTrusted(chain.toArray(X509Certificate[]::new), kind);
                return true;
            } catch (CertificateException _) {
                return false;
            }
        }
    }

    private ClientAuthorities() {}

    /// None yet, so that nobody is known by a certificate.
    public static ClientAuthorities none() {
        return new ClientAuthorities();
    }

    /// From now on they are these.
    ///
    /// @throws AccessException where Java can't work with one of them; those before stay
    public void are(List<X509Certificate> authorities) {
        if (!authorities.equals(trust.authorities)) {
            trust = new Trust(List.copyOf(authorities), judge(authorities));
        }
    }

    private static Optional<X509TrustManager> judge(List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            anchors.load(null, null);
            for (X509Certificate authority : authorities) {
                anchors.setCertificateEntry(String.valueOf(anchors.size()), authority);
            }
            TrustManagerFactory judges = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            judges.init(anchors);
            return Arrays.stream(judges.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst();
        } catch (GeneralSecurityException | IOException e) {
            throw new AccessException("the authorities of client certificates are of no use: " + e.getMessage());
        }
    }

    /// Has somebody know those alone by their certificates for whom one of these vouches.
    public Authenticator vouchingFor(Authenticator known) {
        return new Vouched(known, this);
    }

    private record Vouched(Authenticator known, ClientAuthorities authorities) implements Authenticator {
        @Override
        public Optional<Caller> authenticate(String bearer) {
            return known.authenticate(bearer);
        }

        @Override
        public Optional<Caller> authenticate(List<X509Certificate> chain) {
            // Last, since it costs the most: signatures are verified.
            Vouching vouching = authorities.new Vouching(chain);
            return known.authenticate(chain)
                    .filter(_ -> vouching.getAsBoolean())
                    .map(caller -> caller.onlyWhile(vouching));
        }

        @Override
        public boolean mayBeThere(String id) {
            return known.mayBeThere(id);
        }

        @Override
        public void refresh() {
            known.refresh();
        }
    }

    // Asked with every request: who vouched stands by it until the authorities are others.
    private final class Vouching implements BooleanSupplier {
        private final List<X509Certificate> chain;
        private volatile Optional<Trust> standing = Optional.empty();

        private Vouching(List<X509Certificate> chain) {
            this.chain = chain;
        }

        @Override
        public boolean getAsBoolean() {
            Trust now = trust;
            if (standing.filter(before -> before == now).isPresent()) {
                return true;
            }
            boolean covers = now.covers(chain);
            if (covers) {
                standing = Optional.of(now);
            }
            return covers;
        }
    }
}
