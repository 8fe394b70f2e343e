package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages of JSON come back byte for byte, and what isn't JSON leaves nothing (protocol, section 9.1).
@Timeout(60)
class JsonModeTest {
    private static TestServer server;
    private static Streams streams;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = TestServer.on(directory);
        streams = new Streams(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|[{\"a\":1}]",
                "[1]|[1]",
                "[[1,2],[3,4]]|[[1,2],[3,4]]",
                "[[[1,2,3]]]|[[[1,2,3]]]",
                "[[]]|[[]]",
                "[{},[],\"\",null]|[{},[],\"\",null]",
                "\"[1,2]\"|[\"[1,2]\"]",
                "[ 1 , 2 ]|[1,2]",
                "[1,[ 2 , 3 ] ]|[1,[ 2 , 3 ]]",
                "[\",\",\"]\",\"[\"]|[\",\",\"]\",\"[\"]",
                "[1E+2,-0,1.0,1e-400,0.10]|[1E+2,-0,1.0,1e-400,0.10]",
                "[\"\\u0041\\/\\ud83d\\ude00\"]|[\"\\u0041\\/\\ud83d\\ude00\"]",
                "[{\"b\":1,\"a\":2,\"b\":3}]|[{\"b\":1,\"a\":2,\"b\":3}]",
                "[\"\\ud800\"]|[\"\\ud800\"]",
                "true|[true]"
            })
    void one_level_is_taken_off_and_nothing_else_is_changed(String sent, String read) throws Exception {
        assertEquals(read, afterPost(sent));
        streams.putBody("s", sent, Streams.JSON);
        assertEquals(read, streams.get("s").body());
        streams.delete("s");
    }

    @Test
    void white_space_around_messages_is_dropped_and_within_them_kept() throws Exception {
        assertEquals("[{ \"a\" :\r\n\t1 },[ ],2]", afterPost(" \r\n\t[ { \"a\" :\r\n\t1 } \n,\n [ ]\t,\r2\t] \n"));
        assertEquals("[{ }]", afterPost("\n { }\t"));
    }

    @Test
    void numbers_and_strings_may_be_long() throws Exception {
        for (String message : List.of(
                "1" + "0".repeat(100_000),
                "-0." + "3".repeat(100_000) + "e-99999",
                "\"" + "x".repeat(1_000_000) + "\"",
                "\"" + "\\u00e9\u4e2d".repeat(100_000) + "\"")) {
            assertEquals("[" + message + "]", afterPost(message));
            assertEquals("[1," + message + "]", afterPost("[1," + message + "]"));
        }
    }

    @Test
    void nesting_is_fine_within_a_bound() throws Exception {
        String deep = "[".repeat(500) + "]".repeat(500);
        assertEquals(deep, afterPost(deep));
        String objects = "{\"a\":".repeat(500) + "1" + "}".repeat(500);
        assertEquals("[" + objects + "]", afterPost(objects));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void any_messages_come_back_byte_for_byte(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        streams.created("s", Streams.JSON);
        for (int i = 0; i < 60; i++) {
            List<String> batch = new ArrayList<>();
            StringBuilder body = new StringBuilder(space(random) + "[");
            for (int n = random.nextInt(5); n >= 0; n--) {
                String message = json(random, 4);
                batch.add(message);
                body.append(space(random)).append(message).append(space(random)).append(n > 0 ? "," : "]");
            }
            // One that is no array may come by itself.
            boolean isAlone = batch.size() == 1 && !batch.getFirst().startsWith("[") && random.nextBoolean();
            streams.appended("s", isAlone ? space(random) + batch.getFirst() : body + space(random), Streams.JSON);
            expected.addAll(batch);
        }
        assertArrayEquals(
                ("[" + String.join(",", expected) + "]").getBytes(StandardCharsets.UTF_8),
                streams.get("s").bytes());
        streams.delete("s");
    }

    private static String json(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 5)) {
            case 0 ->
                List.of("0", "-0", "1.0", "1E+2", "1e-0", "-12.340", "9".repeat(40), "0.1E400")
                        .get(random.nextInt(8));
            case 1 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 2 -> string(random);
            case 3 -> {
                StringBuilder array = new StringBuilder("[").append(space(random));
                for (int n = random.nextInt(4); n > 0; n--) {
                    array.append(json(random, depth - 1)).append(space(random)).append(n > 1 ? "," : "");
                    array.append(space(random));
                }
                yield array.append("]").toString();
            }
            default -> {
                StringBuilder object = new StringBuilder("{").append(space(random));
                for (int n = random.nextInt(4); n > 0; n--) {
                    object.append(random.nextBoolean() ? "\"k\"" : string(random))
                            .append(space(random));
                    object.append(":").append(space(random)).append(json(random, depth - 1));
                    object.append(space(random)).append(n > 1 ? "," : "").append(space(random));
                }
                yield object.append("}").toString();
            }
        };
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(List.of(
                            "a",
                            "\u00e9",
                            "\u4e2d",
                            "\ud83d\ude00",
                            "\\u0041",
                            "\\/",
                            "/",
                            "\\\\",
                            "\\\"",
                            "\\n",
                            "\\ud83d",
                            "[",
                            "]",
                            "{",
                            ",",
                            "\u0085",
                            "\u2028",
                            "\u007f",
                            " ")
                    .get(random.nextInt(19)));
        }
        return text.append("\"").toString();
    }

    private static String space(Random random) {
        return List.of("", "", "", " ", "\n", "\r\n", "\t ").get(random.nextInt(7));
    }

    @Test
    void an_empty_array_is_nothing_to_append_and_something_to_begin_with() throws Exception {
        streams.created("t", Streams.JSON);
        for (String nothing : List.of("[]", " [ ] ")) {
            Answer answer = streams.post("t", nothing, Streams.JSON);
            assertEquals(400, answer.status());
            assertTrue(answer.body().startsWith("{\"error\":\"EmptyBody\","), answer.body());
            assertEquals(
                    400,
                    streams.post("t", nothing, Streams.JSON, Streams.CLOSED).status());
            assertEquals(201, streams.putBody("s", nothing, Streams.JSON).status());
            assertEquals("[]", streams.get("s").body());
            streams.delete("s");
        }
        assertEquals("[]", streams.get("t").body());
        streams.delete("t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "{",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1,,2]",
                "[1]]",
                "[1] 2",
                "[1],",
                "[1][2]",
                "[1]\u0000",
                "{}{}",
                "[{]}",
                "[}",
                "[\"a]",
                "[1}",
                "[01]",
                "[+1]",
                "[.1]",
                "[1.]",
                "[NaN]",
                "[tru]",
                "['a']",
                "[\"\t\"]",
                "[\"\\x\"]",
                "[\"\\u12\"]",
                "[\u00a01]",
                "[1]//",
                "[/**/1]",
                "a",
                "\u0000"
            })
    void what_is_no_json_leaves_nothing(String body) throws Exception {
        assertIsRefused(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5b22ff225d", // not a byte of UTF-8
                "5b22c3225d", // cut off within a string
                "5b22c080225d", // an overlong NUL
                "5b22e08080225d", // another
                "5b22eda080225d", // a surrogate
                "5b22f4908080225d", // beyond the last code point
                "5b315d80", // behind the end
                "80",
                "efbbbf5b315d", // a byte order mark
                "fffe5b0031005d00", // UTF-16
                "5b0031005d00"
            })
    void what_is_not_utf_8_leaves_nothing(String hex) throws Exception {
        assertIsRefused(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[[],", "[{\"a\":"})
    void a_hundred_thousand_levels_harm_nobody(String open) throws Exception {
        assertIsRefused(open.repeat(100_000).getBytes(StandardCharsets.UTF_8));
        String close = open.equals("[") ? "]" : "}";
        assertIsRefused((open.repeat(100_000) + "1" + close.repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void as_many_messages_as_one_append_may_hold_are_stored_and_one_more_leaves_nothing() throws Exception {
        String most = "[" + "1,".repeat(65_535) + "1]";
        streams.created("most", Streams.JSON);
        byte[] all = most.getBytes(StandardCharsets.UTF_8);
        assertEquals(204, streams.post("most", all, Streams.JSON).status());
        streams.created("many", Streams.JSON);
        byte[] more = ("[" + "1,".repeat(65_536) + "1]").getBytes(StandardCharsets.UTF_8);
        Answer refused = streams.post("many", more, Streams.JSON);
        assertEquals(413, refused.status());
        assertTrue(refused.body().contains("\"TooManyMessages\""), refused.body());
        assertEquals("[]", streams.get("many").body());
    }

    private static String afterPost(String body) throws Exception {
        streams.created("s", Streams.JSON);
        streams.appended("s", body, Streams.JSON);
        String read = streams.get("s").body();
        streams.delete("s");
        return read;
    }

    private static void assertIsRefused(byte[] body) throws Exception {
        streams.created("t", Streams.JSON);
        Answer append = streams.post("t", body, Streams.JSON);
        assertEquals(400, append.status(), append.body());
        assertTrue(append.body().matches("\\{\"error\":\"(InvalidJson|EmptyBody)\",.*"), append.body());
        assertEquals("[]", streams.get("t").body());
        try (Wire wire = server.wire()) {
            assertEquals(
                    400,
                    wire.request("PUT", Streams.at("s"), body, Streams.JSON)
                            .answer()
                            .status());
        }
        assertEquals(404, streams.head("s").status());
        streams.delete("t");
    }
}
