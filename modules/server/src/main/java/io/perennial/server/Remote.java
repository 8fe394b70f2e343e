package io.perennial.server;

import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.api.DefaultDnsResolver;
import io.helidon.webclient.api.DnsAddressLookup;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.helidon.webclient.spi.DnsResolver;
import io.perennial.access.PrivateFile;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The server that a command talks to.
final class Remote {
    private static final String URL = "--url";
    private static final String VARIABLE = "PERENNIAL_URL";
    private static final String TOKEN = "--token-file";
    private static final String TOKEN_VARIABLE = "PERENNIAL_TOKEN";
    private static final String TOKEN_FILE_VARIABLE = "PERENNIAL_TOKEN_FILE";
    private static final URI USUAL = URI.create("http://127.0.0.1:4437");
    private static final int REFUSED = 400;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    // Between two bytes; a live answer says something every 15 s.
    private static final Duration READ = Duration.ofMinutes(1);

    private final URI url;
    private final Optional<String> token;
    private final Tls tls;
    private final Http1Client client;

    /// How a command is told which server.
    record Options(Map<String, String> environment) {
        CommandSpec addTo(CommandSpec spec) {
            return addTo(spec, "The server. [" + VARIABLE + "; default " + USUAL + "]");
        }

        /// @param description of the option that names the server
        CommandSpec addTo(CommandSpec spec, String description) {
            return Https.addTo(spec.addOption(OptionSpec.builder(URL)
                            .type(URI.class)
                            .paramLabel("URL")
                            .description(description)
                            .build())
                    .addOption(OptionSpec.builder(TOKEN)
                            .type(Path.class)
                            .paramLabel("FILE")
                            .description("Has the token that the server wants, if it does. [" + TOKEN_FILE_VARIABLE
                                    + ", or the token itself in " + TOKEN_VARIABLE + "]")
                            .build()));
        }

        Remote of(ParseResult options) {
            return of(
                    options,
                    named(options)
                            .or(() -> Optional.ofNullable(environment.get(VARIABLE))
                                    .map(Options::parsed))
                            .orElse(USUAL),
                    READ);
        }

        /// @param read how long the server may say nothing in the middle of an answer
        Remote of(ParseResult options, URI server, Duration read) {
            return new Remote(server, Https.tls(server, options, environment), token(options), read);
        }

        /// The server that the option names.
        static Optional<URI> named(ParseResult options) {
            return Optional.ofNullable(options.matchedOptionValue(URL, null));
        }

        private Optional<String> token(ParseResult options) {
            Path named = options.matchedOptionValue(TOKEN, null);
            return Optional.ofNullable(named)
                    .or(() -> Optional.ofNullable(environment.get(TOKEN_FILE_VARIABLE))
                            .map(Path::of))
                    .map(file -> PrivateFile.read(file).strip())
                    .or(() -> Optional.ofNullable(environment.get(TOKEN_VARIABLE)));
        }

        private static URI parsed(String text) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                throw new SettingException(VARIABLE + " is " + text + ", and that is no URL");
            }
        }
    }

    /// A whole answer.
    record Answer(int status, Map<String, String> headers, String body) {
        String header(HeaderName name) {
            return headers.getOrDefault(name.lowerCase(), "");
        }

        JsonValue json() {
            try (JsonReader reader = Json.createReader(new StringReader(body))) {
                return reader.readValue();
            }
        }

        boolean isRefusal() {
            return status >= REFUSED;
        }

        /// What the server says of what it refuses.
        StartException refusal() {
            String message;
            try {
                JsonObject problem = json().asJsonObject();
                message = problem.getString("message");
            } catch (JsonException | ClassCastException | NullPointerException e) {
                message = "the server refuses it";
            }
            return new StartException(message + " (" + status + ")");
        }
    }

    /// @param tls how the server is made sure of
    /// @param read how long the server may say nothing in the middle of an answer
    private Remote(URI url, Tls tls, Optional<String> token, Duration read) {
        if (url.getScheme() == null || url.getHost() == null) {
            throw new SettingException(URL + " is " + url + ": it is a URL such as " + USUAL);
        }
        this.url = url;
        this.token = token;
        this.tls = tls;
        this.client = Http1Client.builder()
                .tls(tls)
                .dnsResolver(new Spelt())
                .connectTimeout(CONNECT)
                .readTimeout(read)
                // One that is used again now and then loses the first byte of an answer, in Helidon 4.1.7.
                .keepAlive(false)
                .build();
    }

    /// A connection for whom the client costs too much.
    Wire connect() throws IOException {
        return new Wire(url, tls, token);
    }

    static String query(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /// Asks for something that has to work.
    ///
    /// @throws StartException what the server says where it doesn't
    Answer require(Method method, String target, Map<HeaderName, String> headers, byte[] body) {
        Answer answer;
        try {
            answer = send(method, target, headers, body);
        } catch (IOException e) {
            throw unreachable(e);
        }
        if (answer.isRefusal()) {
            throw answer.refusal();
        }
        return answer;
    }

    Answer get(String target) {
        return require(Method.GET, target, Map.of(), new byte[0]);
    }

    /// @throws IOException where there is no answer
    Answer send(Method method, String target, Map<HeaderName, String> headers, byte[] body) throws IOException {
        Http1ClientRequest request = request(method, target, headers);
        return connected(() -> {
            try (Http1ClientResponse answer = request.submit(body)) {
                String content = method.equals(Method.HEAD) ? "" : text(answer);
                return new Answer(
                        answer.status().code(),
                        answer.headers().stream()
                                .collect(Collectors.toMap(
                                        header -> header.headerName().lowerCase(),
                                        header -> header.get(),
                                        (first, _) -> first)),
                        content);
            }
        });
    }

    static String text(Http1ClientResponse answer) throws IOException {
        return new String(answer.inputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Begins an answer that goes on; the caller closes it.
    ///
    /// @throws IOException where there is none
    Http1ClientResponse open(String target, Map<HeaderName, String> headers) throws IOException {
        Http1ClientRequest request = request(Method.GET, target, headers);
        return connected(request::request);
    }

    /// What is done with a connection.
    @FunctionalInterface
    interface Exchange<T> {
        T run() throws IOException;
    }

    /// Does it, where Helidon has many exceptions for a connection that breaks.
    static <T> T connected(Exchange<T> exchange) throws IOException {
        try {
            return exchange.run();
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Http1ClientRequest request(Method method, String target, Map<HeaderName, String> headers) {
        URI whole;
        try {
            whole = URI.create(url.toString().replaceAll("/+$", "") + target);
        } catch (IllegalArgumentException e) {
            throw new SettingException(
                    target + " can't stand in a URL: percent-encode what a path doesn't hold, such as a space as %20");
        }
        Http1ClientRequest request = client.method(method).uri(whole).skipUriEncoding(true);
        headers.forEach(request::header);
        token.ifPresent(known -> request.header(HeaderNames.AUTHORIZATION, "Bearer " + known));
        return request;
    }

    URI url() {
        return url;
    }

    /// What a person is told where there is no answer.
    StartException unreachable(IOException e) {
        return untrusted(e)
                .orElseGet(() -> new StartException("no server answers at " + url + " (" + e.getMessage()
                        + "): start one with 'perennial serve', or say with " + URL + " where it is"));
    }

    /// The same, where there is one that isn't who it has to be; nothing where that isn't why.
    Optional<StartException> untrusted(IOException e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .filter(SSLException.class::isInstance)
                .findFirst()
                .map(failure ->
                        new StartException("the server at " + url + " isn't trusted: name who vouches for it with "
                                + Https.CA + ", and the host as its certificate has it; " + failure.getMessage()));
    }

    /// Keeps an address as it is spelt in the URL: Helidon would ask for its name, and hold the certificate to that.
    static final class Spelt implements DnsResolver {
        private final DnsResolver usual = DefaultDnsResolver.create();

        @Override
        public InetAddress resolveAddress(String host, DnsAddressLookup lookup) {
            InetAddress found = usual.resolveAddress(host, lookup);
            if (found.isLinkLocalAddress()) {
                // Its scope would be lost.
                return found;
            }
            try {
                return InetAddress.getByAddress(host, found.getAddress());
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(host + " has no address", e);
            }
        }
    }
}
