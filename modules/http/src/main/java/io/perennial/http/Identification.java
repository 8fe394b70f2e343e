package io.perennial.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.perennial.access.Authenticator;
import io.perennial.access.Caller;
import io.perennial.access.CertificateName;
import io.perennial.access.Grant;
import io.perennial.access.Link;
import io.perennial.access.Links;
import io.perennial.access.Permission;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Who a request is from: by its header `Authorization` (RFC 6750); without one for a read by a link, or by the
/// client's certificate.
record Identification(Authenticator authenticator, Links links, Audit audit, InstantSource clock) {
    /// The parameter that has a link.
    static final String LINK = "access";

    private static final String LINK_KIND = "link:";
    private static final String SCHEME = "bearer ";
    private static final String CHALLENGE = "Bearer realm=\"perennial\"";
    private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

    /// @throws ProblemException 401 where nobody knows them
    Caller of(ServerRequest request) {
        List<String> sent = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        if (sent.isEmpty()) {
            Optional<String> link = Answers.isRead(request) ? Query.of(request).value(LINK) : Optional.empty();
            return link.isPresent() ? linked(link.get(), request) : certified(request);
        }
        return Optional.of(sent)
                .filter(values -> values.size() == 1)
                .map(List::getFirst)
                .flatMap(value -> bearer(value, Acquaintance.of(request)))
                .orElseThrow(() -> unknown(
                        request,
                        INVALID,
                        "the token isn't one that this server takes: it is wrong, has expired, or was revoked"));
    }

    private Caller linked(String link, ServerRequest request) {
        return links.verify(link)
                .filter(known -> isFor(known, request))
                .map(Identification::reader)
                .filter(caller -> !isOver(caller))
                .orElseThrow(() -> unknown(
                        request,
                        INVALID,
                        "the link isn't one that this server takes: it is wrong, has expired, was made by somebody"
                                + " who has gone, or is for the pages of another origin"));
    }

    private Optional<Caller> bearer(String value, Acquaintance acquaintance) {
        Optional<Caller> again = acquaintance.recall(value).filter(caller -> !isOver(caller));
        if (again.isPresent()) {
            return again;
        }
        Optional<Caller> found = Optional.of(value)
                .filter(text -> text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(text -> text.substring(SCHEME.length()).strip())
                .flatMap(authenticator::authenticate);
        found.ifPresent(caller -> acquaintance.remember(value, caller));
        return found;
    }

    // A browser brings a certificate for whichever page, which would have things done in its owner's name.
    private Caller certified(ServerRequest request) {
        List<X509Certificate> shown = request.remotePeer().tlsCertificates().stream()
                .flatMap(Arrays::stream)
                .map(X509Certificate.class::cast)
                .toList();
        if (shown.isEmpty()) {
            throw unknown(request, CHALLENGE, "say who you are: the header Authorization: Bearer <token> is missing");
        }
        RequestOrigin.otherOrInsecure(request).ifPresent(other -> {
            throw unknown(
                    request,
                    CHALLENGE,
                    "a client certificate speaks for no page of another origin (" + other
                            + "): the header Authorization: Bearer <token> is missing");
        });
        Acquaintance acquaintance = Acquaintance.of(request);
        return acquaintance
                .certified()
                .filter(caller -> !isOver(caller))
                .or(() -> {
                    Optional<Caller> found = authenticator.authenticate(shown);
                    found.ifPresent(acquaintance::certify);
                    return found;
                })
                .orElseThrow(() -> unknown(
                        request,
                        CHALLENGE,
                        "nobody is known by a client certificate called "
                                + CertificateName.of(shown.getFirst()).stream()
                                        .map(CertificateName::text)
                                        .collect(Collectors.joining(", "))));
    }

    // Who reads with a link.
    private static Caller reader(Link link) {
        return new Caller(
                LINK_KIND + link.maker(),
                LINK_KIND + link.name(),
                List.of(new Grant(Permission.READ, link.paths())),
                Optional.of(link.expires()));
    }

    private static boolean isFor(Link link, ServerRequest request) {
        return link.origin().isEmpty()
                || request.headers()
                        .all(HeaderNames.ORIGIN, List::of)
                        .equals(List.of(link.origin().get()));
    }

    /// Whether their time is over, or that of whoever let them in.
    boolean isOver(Caller caller) {
        boolean isMakerGone =
                caller.id().startsWith(LINK_KIND) && !mayBeThere(caller.id().substring(LINK_KIND.length()));
        return isMakerGone || caller.isOver(clock.instant());
    }

    /// Whether somebody may still be there. Nobody's links and subscriptions were made while everybody was let in.
    boolean mayBeThere(String id) {
        return !id.isEmpty() && authenticator.mayBeThere(id);
    }

    /// What somebody is told whose time ended while they waited.
    Problem over(ServerRequest request) {
        return unknown(request, INVALID, "the token has expired, or was revoked, while its request waited")
                .problem();
    }

    private ProblemException unknown(ServerRequest request, String challenge, String message) {
        audit.refused(request, "", Status.UNAUTHORIZED_401.code(), message);
        return new ProblemException(Problem.of(Status.UNAUTHORIZED_401, "Unauthorized", message)
                .with(HeaderNames.WWW_AUTHENTICATE, challenge));
    }
}
