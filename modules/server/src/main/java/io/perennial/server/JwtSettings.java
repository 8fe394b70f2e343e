package io.perennial.server;

import io.perennial.access.JwtConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the configuration says of JWTs.
final class JwtSettings {
    private static final List<Setting> TOGETHER = List.of(Setting.JWT_ISSUER, Setting.JWT_AUDIENCE, Setting.JWT_KEYS);
    private static final Pattern HTTP = Pattern.compile("https?://.*", Pattern.CASE_INSENSITIVE);
    // Beyond that it is no clock that is off.
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private JwtSettings() {}

    /// Nothing where none are taken.
    ///
    /// @throws SettingException where it is said in part, or not as it has to be
    static Optional<JwtConfig> of(Settings settings) {
        List<Setting> missing = TOGETHER.stream()
                .filter(setting -> settings.text(setting).isEmpty())
                .toList();
        if (missing.size() == TOGETHER.size()) {
            return Optional.empty();
        }
        if (!missing.isEmpty()) {
            throw new SettingException(keys(TOGETHER) + " belong together, and of them " + keys(missing)
                    + (missing.size() == 1 ? " isn't set" : " aren't set"));
        }
        Duration refresh = settings.duration(Setting.JWT_KEYS_REFRESH);
        Duration stale = settings.duration(Setting.JWT_KEYS_STALE);
        if (stale.compareTo(refresh) <= 0) {
            throw new SettingException(Setting.JWT_KEYS_STALE.key() + " (" + stale + ") has to be longer than "
                    + Setting.JWT_KEYS_REFRESH.key() + " (" + refresh + ")");
        }
        return Optional.of(new JwtConfig(
                settings.text(Setting.JWT_ISSUER),
                settings.text(Setting.JWT_AUDIENCE),
                where(settings),
                refresh,
                stale,
                settings.parsed(Setting.JWT_CLAIM, text -> Optional.of(text).filter(name -> !name.isEmpty()), "a name"),
                settings.parsed(
                        Setting.JWT_SKEW,
                        JwtSettings::skew,
                        "an ISO 8601 duration of at most five minutes, such as PT30S")));
    }

    private static String keys(List<Setting> settings) {
        return settings.stream().map(Setting::key).collect(Collectors.joining(", "));
    }

    private static URI where(Settings settings) {
        if (!HTTP.matcher(settings.text(Setting.JWT_KEYS)).matches()) {
            return settings.path(Setting.JWT_KEYS).toUri();
        }
        return settings.parsed(Setting.JWT_KEYS, JwtSettings::url, "a file, or an http or https URL");
    }

    private static Optional<URI> url(String text) {
        try {
            return Optional.of(new URI(text)).filter(url -> url.getHost() != null);
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> skew(String text) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(skew -> !skew.isNegative() && skew.compareTo(MOST_SKEW) <= 0);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
