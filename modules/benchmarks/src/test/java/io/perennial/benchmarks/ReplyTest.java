package io.perennial.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class ReplyTest {
    private static final String SIZED = """
            HTTP/1.1 200 OK\r
            Content-Length: 7\r
            Stream-Next-Offset: 01ABC\r
            Stream-Up-To-Date: true\r
            \r
            [1,2,3]""";
    private static final String CHUNKED = """
            HTTP/1.1 200 OK\r
            stream-next-offset: 01ABC\r
            stream-up-to-date: true\r
            Transfer-Encoding: chunked\r
            \r
            4\r
            [1,2\r
            3;x=y\r
            ,3]\r
            0\r
            \r
            """;

    @Test
    void an_answer_reads_the_same_however_it_is_cut() throws Exception {
        for (String answer : new String[] {SIZED, CHUNKED}) {
            for (int cut = 1; cut < answer.length(); cut++) {
                Reply reply = new Reply();
                reply.expect();
                assertFalse(reply.read(bytes(answer.substring(0, cut))), "complete at " + cut + " of " + answer);
                assertTrue(reply.read(bytes(answer.substring(cut))));
                assertEquals(200, reply.status());
                assertEquals(7, reply.bodyBytes());
                assertTrue(reply.isUpToDate());
                assertEquals("01ABC", nextOffset(reply));
            }
        }
    }

    @Test
    void an_answer_remembers_nothing_of_the_one_before() throws Exception {
        Reply reply = new Reply();
        reply.expect();
        reply.read(bytes(CHUNKED));
        reply.expect();
        assertTrue(reply.read(bytes("HTTP/1.1 204 No Content\r\n\r\n")));
        assertEquals(204, reply.status());
        assertEquals(0, reply.bodyBytes());
        assertFalse(reply.isUpToDate());
        assertEquals("", nextOffset(reply));
    }

    @Test
    void what_follows_an_answer_is_left_in_the_buffer() throws Exception {
        ByteBuffer two = bytes("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        Reply reply = new Reply();
        reply.expect();
        assertTrue(reply.read(two));
        reply.expect();
        assertTrue(reply.read(two));
        assertEquals(404, reply.status());
    }

    @Test
    void an_answer_of_unknown_length_is_refused() {
        Reply reply = new Reply();
        reply.expect();
        assertThrows(ProtocolException.class, () -> reply.read(bytes("HTTP/1.1 200 OK\r\n\r\n")));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    private static String nextOffset(Reply reply) {
        ByteBuffer out = ByteBuffer.allocate(64);
        reply.nextOffset(out);
        return US_ASCII.decode(out.flip()).toString();
    }
}
