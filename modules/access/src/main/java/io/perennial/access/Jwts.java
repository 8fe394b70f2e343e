package io.perennial.access;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The JWTs (RFC 7519) of one issuer, signed with RS256, ES256 or EdDSA by one of its keys.
///
/// A token names a key and an algorithm, and is believed in neither: the key is one of the issuer's set, found by
/// equality alone, and says itself which algorithm it is for. Where the issuer takes a key back, or its keys can't be
/// had for too long, whoever was known by them is over.
///
/// Whoever was verified is remembered until then: to verify takes 40 µs (RS256) to 500 µs (EdDSA), many times what a
/// request does, and to look it up less than one.
public final class Jwts implements Authenticator {
    private static final Logger LOG = System.getLogger(Jwts.class.getName());

    private static final String KIND = "jwt:";
    private static final String SUBJECT = "|";
    // What somebody makes goes with the key that vouches for them, whose fingerprint comes next.
    private static final String MAKER_KIND = "jwt-key:";

    // Whoever knows a key's name can have signatures verified, and others need the processors, too.
    private static final Semaphore VERIFICATIONS =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private final JwtConfig config;
    private final KeySource source;
    private final InstantSource clock;

    private Jwts(JwtConfig config, KeySource source, InstantSource clock) {
        this.config = config;
        this.source = source;
        this.clock = clock;
    }

    /// Reads the keys where they are in a file; from elsewhere they come by themselves, and nobody is let in before.
    ///
    /// @throws AccessException where the file can't be read, others can change it, or no key in it is of use
    public static Jwts open(JwtConfig config, InstantSource clock) {
        KeySource source = config.isRemote()
                ? KeyUrl.open(config, new KeyRequest(config.keys()), clock)
                : KeyFile.open(Path.of(config.keys()));
        return new Jwts(config, source, clock);
    }

    @Override
    public Optional<Caller> authenticate(String bearer) {
        try {
            return Optional.of(caller(bearer));
        } catch (RefusedTokenException e) {
            LOG.log(Level.DEBUG, "jwt.refused reason={0}", e.getMessage());
            return Optional.empty();
        }
    }

    // Whether somebody of theirs has gone the issuer alone knows.
    @Override
    public boolean mayBeThere(String id) {
        if (!id.startsWith(MAKER_KIND)) {
            return id.startsWith(KIND + config.issuer() + SUBJECT);
        }
        int end = id.indexOf(':', MAKER_KIND.length());
        return end > 0 && source.keys().has(id.substring(MAKER_KIND.length(), end));
    }

    @Override
    public void refresh() {
        source.refresh();
    }

    private Caller caller(String bearer) throws RefusedTokenException {
        SignedToken.requireShort(bearer);
        Instant now = clock.instant();
        KeySet keys = source.keys();
        Optional<Caller> remembered = keys.remembered().get(bearer, now);
        return remembered.isPresent() ? remembered.get() : verified(SignedToken.parse(bearer), keys, now);
    }

    private Caller verified(SignedToken token, KeySet known, Instant now) throws RefusedTokenException {
        KeySet keys = known;
        Optional<TrustedKey> found = keys.find(token);
        if (found.isEmpty()) {
            source.lookAgain();
            keys = source.keys();
            found = keys.find(token);
        }
        TrustedKey key = found.orElseThrow(() -> new RefusedTokenException("no key of the issuer's fits"));
        Claims claims = Claims.parse(verified(token, key), config);
        claims.requireTimely(now, config.skew());
        String who = config.issuer() + SUBJECT + claims.subject();
        Caller caller = new Caller(
                KIND + who,
                MAKER_KIND + key.fingerprint() + ":" + who,
                KIND + claims.subject(),
                List.copyOf(claims.grants()),
                Optional.of(end(claims, now)),
                key::isWithdrawn);
        if (caller.isOver(now)) {
            throw new RefusedTokenException("its key was taken back meanwhile");
        }
        keys.remembered().put(token.text(), caller);
        return caller;
    }

    private static String verified(SignedToken token, TrustedKey key) throws RefusedTokenException {
        VERIFICATIONS.acquireUninterruptibly();
        try {
            return token.verified(key);
        } finally {
            VERIFICATIONS.release();
        }
    }

    // What is open ends when the token says so. Whoever comes after that is within the skew, and stays to its end: they
    // would otherwise be let in and thrown out in turn.
    private Instant end(Claims claims, Instant now) {
        return now.isBefore(claims.expires())
                ? claims.expires()
                : claims.expires().plus(config.skew());
    }
}
