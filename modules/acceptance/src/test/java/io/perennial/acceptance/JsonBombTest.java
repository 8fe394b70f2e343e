package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON that is made to cost: wherever the server reads some, it says what is wrong, and nothing of it is stored.
class JsonBombTest {
    private static final int LIMIT = 4 * 1024 * 1024;
    private static final int AT_ONCE = 3;
    private static final String STREAM = "/v1/stream/bombs";
    private static final String JSON = "application/json";

    @AutoClose
    private static final Machine MACHINE = new Machine().with(SmallHeap.VARIABLE, SmallHeap.OPTIONS);

    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server(SmallHeap.flags());
        assertEquals(
                201,
                server.client().send("PUT", STREAM, "", "Content-Type", JSON).statusCode());
    }

    @AfterAll
    static void nothing_was_logged() throws Exception {
        server.stop();
        assertEquals("", server.process().complaints());
    }

    /// What no door lets in.
    static Stream<Arguments> bombs() {
        return Stream.of(
                bomb("1,000 arrays deep", "[".repeat(1_000) + "]".repeat(1_000)),
                bomb("1,000 objects deep", "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)),
                bomb("100,000 arrays deep", "[".repeat(100_000) + "]".repeat(100_000)),
                bomb("100,000 objects deep", "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)),
                bomb("nothing but opening brackets", "[".repeat(LIMIT)),
                bomb("nothing but keys", "{\"\":".repeat(LIMIT / 4)),
                bomb("a string without an end", "\"" + "x".repeat(LIMIT - 1)),
                bomb("a number with two points", "1".repeat(LIMIT - 3) + ".1."),
                bomb("an array that breaks at its last message", "[" + "1,".repeat(10_000) + "x]"),
                bomb("an array without its end", "[" + "{\"a\":1},".repeat(10_000) + "{\"a\":1}"),
                bomb("an array that ends in a comma", "[" + "1,".repeat(10_000) + "]"),
                bomb("something behind the array", "[" + "1,".repeat(10_000) + "1]]"),
                bomb("a mark of the byte order", "\u00ef\u00bb\u00bf[1]"),
                bomb("a lone surrogate in UTF-8", "[1,\"\u00ed\u00a0\u0080\"]"),
                bomb("an overlong slash", "[1,\"\u00c0\u00af\"]"),
                bomb("a cut sequence at the end", "[1,\"" + "x".repeat(100_000) + "\u00e2\u0082"),
                bomb("beyond Unicode", "[1,\"\u00f4\u0090\u0080\u0080\"]"),
                bomb("a zero byte", "[1,\"a\u0000b\"]"),
                bomb("UTF-16", "\u00fe\u00ff\u0000[\u0000]"));
    }

    private static Arguments bomb(String name, String body) {
        return Arguments.argumentSet(name, body);
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void what_is_malformed_or_too_deep_is_400_at_every_door_and_nothing_of_it_is_stored(String bomb) throws Exception {
        for (int i = 0; i < 2; i++) {
            Problem.assertIs(400, exchange("POST", STREAM, bomb));
            Problem.assertIs(400, exchange("PUT", "/v1/stream/born/of/it", bomb));
            Problem.assertIs(400, exchange("POST", Client.path("bombs"), bomb));
            Problem.assertIs(400, exchange("POST", "/servers", bomb));
            assertEquals(
                    400,
                    exchange("PUT", "/v1/stream/__ds/subscriptions/s", bomb).status());
        }
        assertEquals("[]", server.client().get(STREAM).body());
        assertEquals(404, server.client().get("/v1/stream/born/of/it").statusCode());
        assertEquals(List.of(), server.client().read("bombs", "-1").events());
    }

    @ParameterizedTest
    @ValueSource(ints = {65_537, 1_000_000, LIMIT / 2 - 1})
    void a_body_of_tiny_messages_without_number_is_413_and_nothing_of_it_is_stored(int messages) throws Exception {
        String many = "[" + "1,".repeat(messages - 1) + "1]";
        for (int i = 0; i < 2; i++) {
            Problem.assertIs(413, exchange("POST", STREAM, many));
            Problem.assertIs(413, exchange("PUT", "/v1/stream/born/of/it", many));
        }
        // One event, whatever is in it.
        assertEquals(
                201, exchange("POST", Client.path("many " + messages), many).status());
        assertEquals("[]", server.client().get(STREAM).body());
        assertEquals(404, server.client().get("/v1/stream/born/of/it").statusCode());
    }

    @Test
    void as_many_of_them_at_once_as_there_are_hold_up_nobody() throws Exception {
        List<Future<Boolean>> doors = IntStream.range(0, AT_ONCE)
                .mapToObj(i -> Eventually.start(() -> {
                    Problem.assertIs(400, exchange("POST", STREAM, "[".repeat(LIMIT)));
                    return true;
                }))
                .toList();
        server.client().append("beside", "1");
        for (Future<Boolean> door : doors) {
            assertTrue(Eventually.result(door));
        }
        assertEquals("[]", server.client().get(STREAM).body());
    }

    /// What is odd and right comes back as it was sent.
    static Stream<Arguments> oddities() {
        return Stream.of(
                bomb("999 arrays deep", "[".repeat(999) + "]".repeat(999)),
                bomb("999 objects deep", "{\"a\":".repeat(999) + "1" + "}".repeat(999)),
                bomb("a number of a million digits", "1".repeat(1_000_000)),
                bomb("an exponent beyond all numbers", "{\"n\":1e999999999}"),
                bomb("one as far below", "{\"n\":-1.5E-999999999}"),
                bomb("the same key again and again", "{" + "\"a\":1,".repeat(100_000) + "\"a\":2}"),
                bomb("an escaped lone surrogate", "\"\\ud800\""),
                bomb("two of them the wrong way round", "\"\\udc00\\ud800\""),
                bomb("an escaped zero", "\"\\u0000\""),
                bomb("a key of a mebibyte", "{\"" + "k".repeat(1 << 20) + "\":1}"),
                bomb("white space without end", "{" + " ".repeat(1 << 20) + "}"));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void what_is_odd_and_right_comes_back_byte_for_byte(String odd) throws Exception {
        String path = "/v1/stream/odd/" + Integer.toHexString(odd.hashCode());
        assertEquals(201, exchange("PUT", path, "").status());
        // One message: an array in the array.
        assertEquals(204, exchange("POST", path, "[" + deeper(odd) + "]").status());
        assertEquals("[" + deeper(odd) + "]", server.client().get(path).body());
    }

    // The array around it counts, too.
    private static String deeper(String odd) {
        boolean isAtTheLimit = odd.startsWith("[[") || odd.startsWith("{\"a\":{");
        return isAtTheLimit ? odd.substring(odd.indexOf(odd.charAt(0), 1), odd.length() - 1) : odd;
    }

    private static Wire.Answer exchange(String method, String target, String body) throws IOException {
        try (Wire wire = Wire.connect(server.url())) {
            wire.patience(Eventually.LONG);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(Wire.request(
                            method, target, "Content-Type", JSON, "Content-Length", Integer.toString(body.length()))
                    .getBytes(StandardCharsets.ISO_8859_1));
            // Each character is one byte.
            request.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
            wire.send(request.toByteArray());
            return wire.answer();
        }
    }
}
