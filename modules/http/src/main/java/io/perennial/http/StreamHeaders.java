package io.perennial.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerResponse;
import io.perennial.eventstore.Append;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.Ending;
import io.perennial.eventstore.Lifetime;
import io.perennial.eventstore.Retention;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.WriterSeq;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The protocol's request headers, each read in one place, and those that describe a stream in an answer.
final class StreamHeaders {
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+([ \\t]*;.*)?");
    private static final Optional<String> JSON = Optional.of(ContentType.JSON.value());
    private static final Optional<ContentType> KNOWN_JSON = Optional.of(ContentType.JSON);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,15}");
    // What RFC 3339 takes of the many spellings of ISO 8601 that the JDK's parser knows.
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})");
    // More than that are digits of nothing that is kept.
    private static final Pattern BELOW_NANOSECONDS = Pattern.compile("(?<=\\.\\d{9})\\d+");
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private StreamHeaders() {}

    /// `Content-Type`, where it was given.
    static Optional<ContentType> contentType(ServerRequestHeaders headers) {
        Optional<String> text = single(headers, HeaderNames.CONTENT_TYPE);
        if (text.equals(JSON)) {
            return KNOWN_JSON;
        }
        text.filter(type -> !MEDIA_TYPE.matcher(type).matches() || type.length() > ContentType.LONGEST)
                .ifPresent(type -> {
                    throw invalid(
                            "InvalidContentType",
                            "Content-Type is a media type such as application/json, of at most " + ContentType.LONGEST
                                    + " characters");
                });
        return text.map(ContentType::new);
    }

    /// `Stream-Closed`: every value but `true` is as good as none (protocol, section 4.1).
    static Append.Closing closing(ServerRequestHeaders headers) {
        List<String> values = headers.all(Names.STREAM_CLOSED.headerName(), List::of);
        return values.size() == 1 && values.getFirst().strip().equalsIgnoreCase("true")
                ? Append.Closing.CLOSE
                : Append.Closing.STAY_OPEN;
    }

    static WriterSeq writerSeq(ServerRequestHeaders headers) {
        Optional<String> text = single(headers, Names.STREAM_SEQ);
        text.filter(seq -> seq.isEmpty() || seq.length() > WriterSeq.LONGEST).ifPresent(_ -> {
            throw invalid("InvalidSequence", "Stream-Seq has 1 to " + WriterSeq.LONGEST + " characters");
        });
        return text.<WriterSeq>map(WriterSeq.Value::new).orElse(WriterSeq.NONE);
    }

    /// `Stream-TTL` or `Stream-Expires-At`.
    static Lifetime lifetime(ServerRequestHeaders headers) {
        Optional<String> ttl = single(headers, Names.STREAM_TTL);
        Optional<String> end = single(headers, Names.STREAM_EXPIRES_AT);
        if (ttl.isPresent() && end.isPresent()) {
            throw invalid("InvalidLifetime", "Stream-TTL and Stream-Expires-At don't go together");
        }
        return ttl.<Lifetime>map(text -> new Lifetime.Sliding(number(Names.STREAM_TTL, text)))
                .or(() -> end.map(text -> new Lifetime.Until(moment(text))))
                .orElse(Lifetime.UNLIMITED);
    }

    /// `Stream-Retain-Age` in seconds, `Stream-Retain-Bytes` and `Stream-Retain-Count`.
    static Retention retention(ServerRequestHeaders headers) {
        return new Retention(
                kept(headers, Names.STREAM_RETAIN_AGE),
                kept(headers, Names.STREAM_RETAIN_BYTES),
                kept(headers, Names.STREAM_RETAIN_COUNT));
    }

    private static long kept(ServerRequestHeaders headers, HeaderName name) {
        Optional<Long> kept = single(headers, name).map(text -> number(name, text));
        kept.filter(number -> number == 0).ifPresent(_ -> {
            throw invalid(
                    "InvalidRetention",
                    name.defaultCase() + " is at least 1: a stream that keeps nothing can't be read");
        });
        return kept.orElse(Retention.ALL);
    }

    private static Instant moment(String text) {
        try {
            if (RFC_3339.matcher(text).matches()) {
                String known = BELOW_NANOSECONDS.matcher(text).replaceFirst("");
                return OffsetDateTime.parse(known).toInstant().truncatedTo(ChronoUnit.MILLIS);
            }
        } catch (DateTimeException _) {
            // Answered below like any other.
        }
        throw invalid("InvalidLifetime", "Stream-Expires-At is a moment such as 2030-01-01T00:00:00Z (RFC 3339)");
    }

    /// A whole number without sign or leading zeros, up to 2^53 - 1.
    static long number(HeaderName name, String text) {
        long number = WHOLE_NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < 0 || number > Lifetime.Sliding.MOST_SECONDS) {
            throw invalid(
                    "InvalidNumber",
                    name.defaultCase() + " is a whole number from 0 to " + Lifetime.Sliding.MOST_SECONDS
                            + ", without a sign or leading zeros");
        }
        return number;
    }

    /// The header's value, where it was given. Of what isn't ASCII Helidon keeps no more than that it was
    /// there, so that two different values would become one: it is refused.
    static Optional<String> single(ServerRequestHeaders headers, HeaderName name) {
        if (!headers.contains(name)) {
            return Optional.empty();
        }
        Header header = headers.get(name);
        if (header.valueCount() > 1) {
            throw invalid("RepeatedHeader", name.defaultCase() + " is given more than once");
        }
        if (!isAscii(header.get())) {
            throw invalid("InvalidHeader", name.defaultCase() + " has a character that isn't printable ASCII");
        }
        return Optional.of(header.get());
    }

    /// Whether these are the characters that a header's value keeps on its way here.
    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\t' && (c < ' ' || c >= 0x7f)) {
                return false;
            }
        }
        return true;
    }

    /// Describes a stream as it is: its tail, its type, whether it is closed.
    static void describe(ServerResponse response, StreamInfo stream) {
        response.header(HeaderNames.CONTENT_TYPE, stream.contentType().value());
        response.header(Names.STREAM_NEXT_OFFSET, stream.tail().toString());
        if (stream.ending() == Ending.CLOSED) {
            response.header(Names.STREAM_CLOSED);
        }
    }

    static void describe(ServerResponse response, Lifetime lifetime) {
        switch (lifetime) {
            case Lifetime.Unlimited _ -> {}
            case Lifetime.Sliding(long seconds) -> response.header(Names.STREAM_TTL, Long.toString(seconds));
            case Lifetime.Until(Instant end) -> response.header(Names.STREAM_EXPIRES_AT, MILLISECONDS.format(end));
        }
    }

    static void describe(ServerResponse response, Retention retention) {
        describe(response, Names.STREAM_RETAIN_AGE, retention.ageSeconds());
        describe(response, Names.STREAM_RETAIN_BYTES, retention.bytes());
        describe(response, Names.STREAM_RETAIN_COUNT, retention.events());
    }

    private static void describe(ServerResponse response, HeaderName name, long kept) {
        if (kept != Retention.ALL) {
            response.header(name, Long.toString(kept));
        }
    }

    private static ProblemException invalid(String code, String message) {
        return new ProblemException(Problem.badRequest(code, message));
    }
}
