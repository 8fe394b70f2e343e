package io.perennial.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.accesslog.AccessLogEntry;
import io.helidon.webserver.accesslog.AccessLogFeature;
import io.helidon.webserver.accesslog.HostLogEntry;
import io.helidon.webserver.accesslog.SizeLogEntry;
import io.helidon.webserver.accesslog.StatusLogEntry;
import io.helidon.webserver.accesslog.TimestampLogEntry;
import io.helidon.webserver.accesslog.UserIdLogEntry;
import io.helidon.webserver.spi.ServerFeature;
import io.perennial.access.Caller;
import java.io.IOException;
import java.util.List;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.regex.Pattern;

/// The access log in the combined form: a line for each answer, when it ends.
final class AccessLog {
    /// Stands for standard output.
    static final String STDOUT = "-";

    // Of the files that fill up one after the other.
    private static final int FILES = 5;
    // Held here: the JDK's logs forget one that nobody holds, and its handler with it.
    private static final Logger LOG = Logger.getLogger("io.perennial.access");
    private static final Pattern LINK = Pattern.compile("([?&]access=)[^&#]*");
    private static final Pattern NO_NAME = Pattern.compile("[^A-Za-z0-9._@:+-]");
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';

    private AccessLog() {}

    /// @param to a file or [#STDOUT]
    /// @param bytes after how many the next file begins
    /// @throws SettingException where the file can't be written
    static ServerFeature open(String to, int bytes) {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(handler(to, bytes));
        return AccessLogFeature.builder()
                .loggerName(LOG.getName())
                .entries(List.of(
                        HostLogEntry.create(),
                        UserIdLogEntry.create(),
                        context -> context.serverRequest()
                                .context()
                                .get(Caller.class)
                                .map(caller -> NO_NAME.matcher(caller.name()).replaceAll("_"))
                                .orElse("-"),
                        TimestampLogEntry.create(),
                        context -> quoted(requestLine(context.serverRequest().prologue())),
                        StatusLogEntry.create(),
                        SizeLogEntry.create(),
                        header(HeaderNames.REFERER),
                        header(HeaderNames.USER_AGENT)))
                .build();
    }

    private static Handler handler(String to, int bytes) {
        Formatter lines = new Formatter() {
            @Override
            public String format(LogRecord line) {
                return line.getMessage() + "\n";
            }
        };
        if (to.equals(STDOUT)) {
            return new StreamHandler(System.out, lines) {
                @Override
                public synchronized void publish(LogRecord line) {
                    super.publish(line);
                    flush();
                }
            };
        }
        try {
            // In a pattern a lone percent sign would be the beginning of something.
            Handler file = new FileHandler(to.replace("%", "%%") + ".%g", bytes, FILES, true);
            file.setFormatter(lines);
            return file;
        } catch (IOException e) {
            throw new SettingException(Setting.ACCESS_LOG.key() + " is '" + to + "', which can't be written: " + e);
        }
    }

    private static String requestLine(HttpPrologue request) {
        String query = request.query().rawValue();
        return request.method().text() + " " + request.uriPath().rawPath()
                + (query.isEmpty() ? "" : masked("?" + query)) + " " + request.rawProtocol();
    }

    // A link lets in whoever has it.
    private static String masked(String text) {
        return LINK.matcher(text).replaceAll("$1***");
    }

    private static AccessLogEntry header(HeaderName name) {
        return context ->
                quoted(masked(context.serverRequest().headers().first(name).orElse("-")));
    }

    // What a client sends can't end the quotation, nor the line.
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
