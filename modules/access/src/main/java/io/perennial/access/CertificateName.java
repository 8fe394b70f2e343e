package io.perennial.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// One of the names that a client's certificate has (RFC 5280, sections 4.1.2.6 and 4.2.1.6), such as
/// `dns:billing.example`. Names are the same where they are equal, and no wildcard is one.
///
/// @param kind which field of the certificate it stands in
/// @param value 1 to 256 characters of one line; of a domain in lower case
public record CertificateName(Kind kind, String value) implements Proof {
    private static final int LONGEST = 256;
    private static final String COMMON_NAME = "CN";

    /// Which field of a certificate.
    public enum Kind {
        /// A domain among its alternative names.
        DNS(2),
        /// A URI among them, such as a SPIFFE ID.
        URI(6),
        /// A mailbox among them.
        EMAIL(1),
        /// The one common name of its subject.
        CN(-1);

        // Of a GeneralName, as Java gives it.
        private final int tag;

        Kind(int tag) {
            this.tag = tag;
        }

        /// As it is written: in lower case.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException where it can't be a name
    public CertificateName {
        if (value.isBlank()
                || value.length() > LONGEST
                || value.chars().anyMatch(Character::isISOControl)
                || (kind == Kind.DNS && value.contains("*"))) {
            throw new IllegalArgumentException(
                    "a certificate's name has 1 to " + LONGEST + " characters of one line, and is no wildcard");
        }
        if (kind == Kind.DNS) {
            value = value.toLowerCase(Locale.ROOT);
        }
    }

    /// Reads `kind:name`.
    ///
    /// @throws IllegalArgumentException where the text is something else, which the message says
    public static CertificateName parse(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(0, Math.max(0, colon));
        Kind kind = Arrays.stream(Kind.values())
                .filter(known -> known.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a certificate's name is dns, uri, email or cn, a colon, and the name itself"));
        return new CertificateName(kind, text.substring(colon + 1));
    }

    /// All that a certificate has. What can't be a name is left out.
    public static Set<CertificateName> of(X509Certificate certificate) {
        Set<CertificateName> names = new LinkedHashSet<>();
        for (List<?> alternative : alternatives(certificate)) {
            for (Kind kind : Kind.values()) {
                if (alternative.getFirst().equals(kind.tag) && alternative.getLast() instanceof String value) {
                    name(kind, value).ifPresent(names::add);
                }
            }
        }
        commonName(certificate).flatMap(value -> name(Kind.CN, value)).ifPresent(names::add);
        return names;
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }

    private static Optional<CertificateName> name(Kind kind, String value) {
        try {
            return Optional.of(new CertificateName(kind, value));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    // Of two nobody knows which is meant. A parser reads them, since a name may hold what separates names.
    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            List<Object> found = new LdapName(
                            certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.toAttributes().get(COMMON_NAME) != null)
                            .map(CertificateName::commonName)
                            .toList();
            return found.size() == 1 && found.getFirst() instanceof String text ? Optional.of(text) : Optional.empty();
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }

    // With others in one part of the subject it is no text by itself.
    private static Object commonName(Rdn rdn) {
        return rdn.size() == 1 ? rdn.getValue() : rdn;
    }

    /// As [#parse] takes it.
    public String text() {
        return kind.text() + ":" + value;
    }
}
