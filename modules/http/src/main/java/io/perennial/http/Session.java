package io.perennial.http;

import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.StreamKey;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A session: the JSON stream `sessions/<id>`, with the id as UTF-8 and every byte outside `A-Za-z0-9-._~` written as
/// `%XX` in upper case. Slashes, colons and whatever else an id has are therefore never path separators.
///
/// Readers may name any other stream in its place.
///
/// @param id 1 character or more, neither `.` nor `..`; of another stream its path
/// @param isOther whether it is another stream, which may hold what isn't JSON
record Session(String id, StreamKey stream, boolean isOther) {
    private static final String PREFIX = "sessions/";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// The session that the query names.
    static Session of(Query query) {
        return query.value("sessionId")
                .map(Session::named)
                .orElseThrow(() -> new ProblemException(Problem.badRequest(
                        "MissingSessionId", "the parameter sessionId is missing: it names the session")));
    }

    /// The session, or other stream, that the query wants to read.
    static Session toRead(Query query) {
        Optional<String> path = query.value("stream");
        if (path.isEmpty()) {
            return of(query);
        }
        if (query.value("sessionId").isPresent()) {
            throw new ProblemException(Problem.badRequest(
                    "InvalidParameter", "sessionId and stream each say what is read: give one of them"));
        }
        StreamKey key = StreamPath.key("the parameter stream", StreamPath.PREFIX + path.get());
        return new Session(key.path(), key, true);
    }

    /// Whether it may hold this.
    boolean takes(ContentType type) {
        return isOther || type.matches(ContentType.JSON);
    }

    static Session named(String id) {
        if (id.isEmpty()) {
            throw invalid("the parameter sessionId is empty: it names the session");
        }
        if (id.equals(".") || id.equals("..")) {
            throw invalid("the session id " + id + " isn't allowed: in a path it would name a folder");
        }
        String path = PREFIX + encoded(id);
        if (path.length() > StreamKey.LONGEST) {
            throw invalid("the session id is too long: percent-encoded it may have "
                    + (StreamKey.LONGEST - PREFIX.length()) + " characters");
        }
        return new Session(id, new StreamKey(path), false);
    }

    /// The session whose stream this is, where it is one's: others may lie below `sessions/` that no id leads to.
    static Optional<Session> of(StreamKey stream) {
        if (!stream.path().startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            String id = URLDecoder.decode(stream.path().substring(PREFIX.length()), StandardCharsets.UTF_8);
            return Optional.of(named(id)).filter(session -> session.stream().equals(stream));
        } catch (IllegalArgumentException | ProblemException _) {
            return Optional.empty();
        }
    }

    private static String encoded(String id) {
        StringBuilder path = new StringBuilder();
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
                path.append((char) b);
            } else {
                path.append('%').append(String.format("%02X", b));
            }
        }
        return path.toString();
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(Problem.badRequest("InvalidSessionId", message));
    }
}
