package io.perennial.access;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The tokens of a [TokenFile] as a server knows them: what is created there is taken from the next look on, and what
/// is revoked is over.
///
/// A file that can't be read any more lets nobody in, until it can.
public final class Tokens implements Authenticator {
    private static final Logger LOG = System.getLogger(Tokens.class.getName());
    private static final Logger AUDIT = System.getLogger("io.perennial.audit");

    private final Path path;
    private final TokenFile file;
    private final InstantSource clock;
    private String seen;
    private boolean failed;
    private volatile Map<String, Known> tokens = Map.of();

    private record Known(Token token, Caller caller) {}

    private Tokens(Path path, InstantSource clock) {
        this.path = path;
        this.file = new TokenFile(path);
        this.clock = clock;
        this.seen = state();
        this.tokens = known(file.list(), Map.of());
    }

    /// Reads the file; one that isn't there yet holds none.
    ///
    /// @throws AccessException where the file can't be read, or others can
    public static Tokens open(Path path, InstantSource clock) {
        return new Tokens(path, clock);
    }

    public boolean isEmpty() {
        return tokens.isEmpty();
    }

    @Override
    public Optional<Caller> authenticate(String bearer) {
        return Secret.parse(bearer)
                .flatMap(secret -> Optional.ofNullable(tokens.get(secret.id()))
                        .filter(known -> known.token.proof() instanceof HashedSecret(String hash) && secret.has(hash))
                        .map(Known::caller)
                        .filter(caller -> !caller.isOver(clock.instant())));
    }

    /// Nobody, too, where it has the names of more than one.
    @Override
    public Optional<Caller> authenticate(List<X509Certificate> chain) {
        X509Certificate certificate = chain.getFirst();
        Set<CertificateName> names = CertificateName.of(certificate);
        List<Known> meant = tokens.values().stream()
                .filter(known -> known.token.proof() instanceof CertificateName name && names.contains(name))
                .toList();
        return Optional.of(meant)
                .filter(tokens -> tokens.size() == 1)
                .map(only ->
                        only.getFirst().caller.until(certificate.getNotAfter().toInstant()))
                .filter(caller -> !caller.isOver(clock.instant()));
    }

    @Override
    public boolean mayBeThere(String id) {
        Known known = id.startsWith(Token.KIND) ? tokens.get(id.substring(Token.KIND.length())) : null;
        return known != null && !known.caller.isOver(clock.instant());
    }

    @Override
    public synchronized void refresh() {
        String now = state();
        // One that couldn't be read may be readable now, without having changed.
        if (now.equals(seen) && !failed) {
            return;
        }
        try {
            replace(file.list());
            failed = false;
        } catch (RuntimeException e) {
            if (!failed || !now.equals(seen)) {
                LOG.log(Level.ERROR, "tokens.unreadable reason=" + e.getMessage());
            }
            failed = true;
            replace(List.of());
        }
        seen = now;
    }

    // Every change is a new file, so that one within the clock's grain is seen as well.
    private String state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime() + " " + attributes.size();
        } catch (IOException _) {
            return "";
        }
    }

    // Who was known before and is the same stays the same caller, whose open answers go on.
    private void replace(List<Token> now) {
        Map<String, Known> before = tokens;
        Map<String, Known> known = known(now, before);
        tokens = known;
        Map<String, Known> gone = new HashMap<>(before);
        gone.values().removeAll(known.values());
        gone.values().forEach(old -> {
            old.caller.revoke();
            AUDIT.log(Level.INFO, "audit.token-revoked name=" + old.token.name());
        });
        Map<String, Known> come = new HashMap<>(known);
        come.values().removeAll(before.values());
        come.values().forEach(fresh -> AUDIT.log(Level.INFO, "audit.token-created " + described(fresh.token)));
    }

    private static String described(Token token) {
        String certificate = token.proof() instanceof CertificateName name ? " certificate=" + name.text() : "";
        return "name=" + token.name() + " allow="
                + token.grants().stream().map(Grant::text).collect(Collectors.joining(",")) + certificate;
    }

    private static Map<String, Known> known(List<Token> now, Map<String, Known> before) {
        return now.stream()
                .collect(Collectors.toMap(
                        Token::id,
                        token -> Optional.ofNullable(before.get(token.id()))
                                .filter(old -> old.token.equals(token))
                                .orElseGet(() -> new Known(token, token.caller()))));
    }
}
