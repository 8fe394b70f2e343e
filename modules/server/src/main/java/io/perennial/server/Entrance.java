package io.perennial.server;

import io.perennial.access.Authenticator;
import io.perennial.access.ClientAuthorities;
import io.perennial.access.JwtConfig;
import io.perennial.access.Jwts;
import io.perennial.access.Links;
import io.perennial.access.Tokens;
import io.perennial.access.TokensAndJwts;
import io.perennial.http.CallerLimits;
import io.perennial.http.CallerLimits.Rates;
import io.perennial.http.Guard;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who is let in, as the settings say.
///
/// @param remarks what an operator should know of it
record Entrance(Guard guard, List<Remark> remarks) {
    private record Remark(Level level, String event) {}

    /// Nobody is let in by accident: where others than this machine can come, somebody has to have said who may.
    ///
    /// @param authorities who vouches for the certificates that callers have
    /// @throws SettingException where nobody has
    static Entrance of(Settings settings, ClientAuthorities authorities, InstantSource clock) {
        Links links = Links.open(besideData(settings, Setting.LINK_KEY, "link.key"), clock);
        return settings.isOn(Setting.REQUIRE_AUTH)
                ? closed(settings, authorities, links, clock)
                : open(settings, links);
    }

    private static Entrance open(Settings settings, Links links) {
        String host = settings.text(Setting.HOST);
        if (JwtSettings.of(settings).isPresent()) {
            throw new SettingException(Setting.JWT_ISSUER.key() + " says whose JWTs are taken, and nobody is asked for"
                    + " any: say " + Setting.REQUIRE_AUTH.flag() + " true as well");
        }
        if (!settings.text(Setting.TLS_CLIENT_CA).isEmpty()) {
            throw new SettingException(
                    Setting.TLS_CLIENT_CA.key() + " says who vouches for clients, and nobody is asked"
                            + " who they are: say " + Setting.REQUIRE_AUTH.flag() + " true as well");
        }
        if (!isLoopback(host) && !settings.isOn(Setting.INSECURE_OPEN)) {
            throw new SettingException("others can reach " + host
                    + ", and could read, write and delete everything: have them say who they are ("
                    + Setting.REQUIRE_AUTH.flag() + " true, after 'perennial token create'), or say that it is meant ("
                    + Setting.INSECURE_OPEN.flag() + " true)");
        }
        return new Entrance(
                Guard.open(links, limits(settings), hosts(settings, host)),
                List.of(new Remark(
                        isLoopback(host) ? Level.INFO : Level.WARNING,
                        "server.open host=" + host
                                + " reason=whoever reaches it may read, write and delete everything")));
    }

    private static Entrance closed(Settings settings, ClientAuthorities authorities, Links links, InstantSource clock) {
        Optional<JwtConfig> jwts = JwtSettings.of(settings);
        Tokens tokens = Tokens.open(tokenFile(settings), clock);
        Authenticator known = jwts.<Authenticator>map(config -> new TokensAndJwts(tokens, Jwts.open(config, clock)))
                .orElse(tokens);
        Guard guard = Guard.closed(
                authorities.vouchingFor(known),
                links,
                settings.isOn(Setting.CONCEAL) ? Guard.Concealment.CONCEALED : Guard.Concealment.TOLD,
                limits(settings),
                clock);
        List<Remark> remarks = new ArrayList<>();
        if (tokens.isEmpty() && jwts.isEmpty()) {
            remarks.add(new Remark(
                    Level.WARNING, "server.no-tokens reason=nobody is let in before 'perennial token create'"));
        }
        String host = settings.text(Setting.HOST);
        // It starts all the same: there may be a proxy before it, of which it knows nothing.
        if (!isLoopback(host) && TlsFiles.of(settings).isEmpty()) {
            remarks.add(new Remark(
                    Level.WARNING,
                    "server.no-tls host=" + host + " reason=tokens travel in the clear, and whoever listens has them,"
                            + " unless a proxy in front of it ends TLS: say " + Setting.TLS_CERTIFICATE.flag() + " and "
                            + Setting.TLS_KEY.flag()));
        }
        return new Entrance(guard, remarks);
    }

    // Whoever says that it is meant to be open knows by which names.
    private static Optional<Set<String>> hosts(Settings settings, String host) {
        return settings.isOn(Setting.INSECURE_OPEN)
                ? Optional.empty()
                : Optional.of(Stream.of(
                                Stream.of(host, machine()), settings.url(Setting.PUBLIC_URL).map(URI::getHost).stream())
                        .flatMap(names -> names)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet()));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    private static CallerLimits limits(Settings settings) {
        return new CallerLimits(
                new Rates(
                        settings.number(Setting.TOKEN_REQUESTS, 0, Integer.MAX_VALUE),
                        settings.number(Setting.TOKEN_BYTES, 0, Integer.MAX_VALUE),
                        settings.number(Setting.TOKEN_FOLLOWERS, 0, Integer.MAX_VALUE)),
                new Rates(
                        settings.number(Setting.ADDRESS_REQUESTS, 0, Integer.MAX_VALUE),
                        settings.number(Setting.ADDRESS_BYTES, 0, Integer.MAX_VALUE),
                        settings.number(Setting.ADDRESS_FOLLOWERS, 0, Integer.MAX_VALUE)),
                settings.parsed(
                        Setting.TRUSTED_PROXIES,
                        Entrance::proxies,
                        "addresses, or networks such as 10.0.0.0/8, with commas between them"));
    }

    private static Optional<List<String>> proxies(String text) {
        List<String> proxies = text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        try {
            return Optional.of(new CallerLimits(Rates.NONE, Rates.NONE, proxies).proxies());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Path tokenFile(Settings settings) {
        return besideData(settings, Setting.TOKENS, "tokens.json");
    }

    private static Path besideData(Settings settings, Setting setting, String usual) {
        return settings.text(setting).isEmpty()
                ? settings.path(Setting.DATA_DIR).resolve(usual)
                : settings.path(setting);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            // Refused with a better reason where it is to be listened on.
            return true;
        }
    }

    /// Says them.
    void remark() {
        remarks.forEach(remark -> Lifecycle.say(remark.level, remark.event));
    }
}
