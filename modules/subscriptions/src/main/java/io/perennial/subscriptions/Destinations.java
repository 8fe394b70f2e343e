package io.perennial.subscriptions;

import io.perennial.subscriptions.SubscriptionsConfig.LocalWebhooks;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where webhooks may be sent (protocol, section 12.8): by https to anywhere on the public internet, and, for
/// development, by http to `localhost` and `127.0.0.x`.
///
/// A name is judged by what it resolves to, when the subscription is made, so that a mistake is told at once, and again
/// for every connection, whose address is then the one that was judged: a name that is pointed elsewhere in between, or
/// between the look and the connection, gains nothing. One bad address among several is enough to refuse.
final class Destinations {
    private static final String LOCALHOST = "localhost";
    private static final Pattern LOCAL = Pattern.compile("127\\.0\\.0\\.(0|[1-9][0-9]{0,2})");
    private static final Pattern FOUR = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    // The last label of a name is never a number, and everything else that is read as an address ends in one: 127.1,
    // 0x7f000001, 2130706433, 0177.0.0.1.
    private static final Pattern ODD_ADDRESS = Pattern.compile("(.*\\.)?(0[xX][0-9a-fA-F]*|[0-9]+)\\.?");
    private static final int LONGEST = 2048;

    private final LocalWebhooks local;
    private final Resolver resolver;

    Destinations(LocalWebhooks local, Resolver resolver) {
        this.local = local;
        this.resolver = resolver;
    }

    /// What is to be said of a URL.
    sealed interface Verdict {}

    record Fine() implements Verdict {}

    record Rejected(String reason) implements Verdict {}

    /// Judges a URL that a client gave. A name that can't be resolved now is not held against it: it may be by the time
    /// something is delivered, and is judged then.
    Verdict judge(URI url) {
        Verdict verdict = judgeText(url);
        if (verdict instanceof Rejected) {
            return verdict;
        }
        try {
            address(url.getHost());
            return new Fine();
        } catch (RefusedAddressException e) {
            return new Rejected("webhook.url " + e.getMessage());
        } catch (UnknownHostException _) {
            return new Fine();
        }
    }

    private Verdict judgeText(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return new Rejected("webhook.url is an absolute https URL");
        }
        if (url.toString().length() > LONGEST) {
            return new Rejected("webhook.url has at most " + LONGEST + " characters");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            return new Rejected("webhook.url has a host, and neither user information nor a fragment");
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            return new Rejected("webhook.url has a port from 1 to 65535");
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        boolean isOdd =
                ODD_ADDRESS.matcher(host).matches() && !FOUR.matcher(host).matches();
        // A zone, as in [fe80::1%eth0], is of the machine's own networks.
        if (isOdd || host.contains("%")) {
            return new Rejected("webhook.url has an address that isn't written as one");
        }
        boolean isAllowed = scheme.equals("https") ? !isLocal(host) : isLocal(host) && local == LocalWebhooks.ALLOWED;
        return isAllowed ? new Fine() : new Rejected("webhook.url begins with " + beginnings());
    }

    private String beginnings() {
        return switch (local) {
            case ALLOWED -> "https://, or with http://localhost or http://127.0.0.x";
            case REFUSED -> "https://, and leads away from this machine";
        };
    }

    private static boolean isLocal(String host) {
        return host.equalsIgnoreCase(LOCALHOST) || LOCAL.matcher(host).matches();
    }

    /// The address to connect to.
    ///
    /// @throws RefusedAddressException where it may not be called
    InetAddress address(String host) throws UnknownHostException {
        List<InetAddress> addresses = resolver.addresses(unbracketed(host));
        for (InetAddress address : addresses) {
            boolean isAllowed = isLocal(host)
                    ? local == LocalWebhooks.ALLOWED && address.isLoopbackAddress()
                    : Addresses.isPublic(address);
            if (!isAllowed) {
                throw new RefusedAddressException("leads to an address that webhooks may not be sent to");
            }
        }
        return addresses.getFirst();
    }

    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /// The address is none that webhooks may be sent to.
    static final class RefusedAddressException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedAddressException(String message) {
            super(message, null, false, false);
        }
    }
}
