package io.perennial.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Both kinds at once: each secret is asked for where it can be one.
public record TokensAndJwts(Tokens tokens, Jwts jwts) implements Authenticator {
    @Override
    public Optional<Caller> authenticate(String bearer) {
        return Secret.isMeantBy(bearer) ? tokens.authenticate(bearer) : jwts.authenticate(bearer);
    }

    @Override
    public Optional<Caller> authenticate(List<X509Certificate> chain) {
        return tokens.authenticate(chain);
    }

    @Override
    public boolean mayBeThere(String id) {
        return id.startsWith(Token.KIND) ? tokens.mayBeThere(id) : jwts.mayBeThere(id);
    }

    @Override
    public void refresh() {
        tokens.refresh();
        jwts.refresh();
    }
}
