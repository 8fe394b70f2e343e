package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.http.Status;
import io.perennial.eventstore.StreamKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final long SEED = 20_260_101;
    // What tends to be mistaken for something else, and its escapes spelt out.
    private static final String TRICKY =
            "/\\:%+ .~-_?#&=;,@!$'()*[]{}<>|^`\"\u0000\u0001\n\r\u007f\u0080éﬀİıß日🌱\ufffd";
    private static final Set<String> SPELT = Set.of("%2F", "%2f", "%00", "%", "%25", "..", "./", "../", "%2E");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a sessions/a",
                "A-Za-z0-9-._~ sessions/A-Za-z0-9-._~",
                "a/b sessions/a%2Fb",
                "a%2Fb sessions/a%252Fb",
                "a:b sessions/a%3Ab",
                "a+b sessions/a%2Bb",
                "a\\b sessions/a%5Cb",
                "é sessions/%C3%A9",
                "日 sessions/%E6%97%A5",
                "🌱 sessions/%F0%9F%8C%B1",
                "... sessions/...",
                "* sessions/%2A",
                "! sessions/%21",
            })
    void a_session_is_the_stream_of_its_escaped_id(String id, String path) {
        assertEquals(path, Session.named(id).stream().path());
    }

    @Test
    void control_characters_and_spaces_are_escaped_in_upper_case() {
        assertEquals(
                "sessions/%00%0A%20%7F%22%27",
                Session.named("\u0000\n \u007f\"'").stream().path());
    }

    @Test
    void id_to_stream_and_back_is_the_identity_and_no_two_ids_share_a_stream() {
        Random random = new Random(SEED);
        Map<StreamKey, String> idOf = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String id = id(random);
            Session session = Session.named(id);
            String other = idOf.putIfAbsent(session.stream(), id);

            assertEquals(Optional.of(session), Session.of(session.stream()), id);
            assertEquals(id, session.id());
            assertTrue(other == null || other.equals(id), () -> "two ids of one stream: " + id + " and " + other);
        }
    }

    @Test
    void an_escaped_query_names_the_session_that_its_id_names() {
        Random random = new Random(SEED + 1);
        for (int i = 0; i < 5_000; i++) {
            String id = id(random);
            Query query = new Query("offset=-1&sessionId=" + URLEncoder.encode(id, StandardCharsets.UTF_8));

            assertEquals(Session.named(id), Session.of(query), id);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void some_ids_name_nothing(String id) {
        Problem problem =
                assertThrows(ProblemException.class, () -> Session.named(id)).problem();

        assertEquals(Status.BAD_REQUEST_400, problem.status());
        assertEquals("InvalidSessionId", problem.code());
    }

    @Test
    void an_id_is_as_long_as_a_stream_key_allows() {
        int most = StreamKey.LONGEST - "sessions/".length();

        assertEquals("a".repeat(most), Session.named("a".repeat(most)).id());
        assertThrows(ProblemException.class, () -> Session.named("a".repeat(most + 1)));
        assertThrows(ProblemException.class, () -> Session.named("/".repeat(most / 3 + 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"other/a", "session/a", "sessionsa", "sessions", "Sessions/a", "__registry__", "x/sessions/a"})
    void a_stream_elsewhere_is_no_session(String path) {
        assertEquals(Optional.empty(), Session.of(new StreamKey(path)));
    }

    // Streams that the protocol's face can make, and that no session id leads to.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessions/", "sessions/a/b", "sessions/a+b", "sessions/a:b", "sessions/%61", "sessions/a%2fb",
                "sessions/%FF", "sessions/%", "sessions/%4", "sessions/%zz", "sessions/.", "sessions/..",
                "sessions/%2E%2E"
            })
    void a_stream_that_no_id_leads_to_is_no_session(String path) {
        assertEquals(Optional.empty(), Session.of(new StreamKey(path)));
    }

    private static String id(Random random) {
        String id;
        do {
            StringBuilder text = new StringBuilder();
            int pieces = 1 + random.nextInt(8);
            for (int i = 0; i < pieces; i++) {
                text.append(piece(random));
            }
            id = text.toString();
        } while (id.equals(".") || id.equals(".."));
        return id;
    }

    private static String piece(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Character.toString('a' + random.nextInt(3));
            case 1 ->
                Character.toString(TRICKY.codePointAt(
                        TRICKY.offsetByCodePoints(0, random.nextInt(TRICKY.codePointCount(0, TRICKY.length())))));
            case 2 ->
                SPELT.stream()
                        .sorted()
                        .skip(random.nextInt(SPELT.size()))
                        .findFirst()
                        .orElseThrow();
            default -> {
                int character = random.nextInt(Character.MAX_CODE_POINT + 1);
                yield Character.getType(character) == Character.SURROGATE ? "s" : Character.toString(character);
            }
        };
    }
}
