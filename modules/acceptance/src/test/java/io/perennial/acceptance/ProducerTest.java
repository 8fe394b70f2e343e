package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProducerTest {
    @AutoClose
    private final Machine machine = new Machine();

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = machine.server();
    }

    private HttpResponse<String> produce(int epoch, int seq) throws Exception {
        return server.client()
                .post(
                        "s",
                        "{\"epoch\":" + epoch + ",\"seq\":" + seq + "}",
                        "Producer-Id",
                        "p",
                        "Producer-Epoch",
                        Integer.toString(epoch),
                        "Producer-Seq",
                        Integer.toString(seq));
    }

    @Test
    void a_retry_stores_nothing_twice_even_after_a_kill() throws Exception {
        HttpResponse<String> first = produce(0, 0);
        assertEquals(201, first.statusCode());
        assertEquals(204, produce(0, 0).statusCode());
        server.kill();
        server = machine.server();
        HttpResponse<String> retry = produce(0, 0);
        assertEquals(204, retry.statusCode());
        assertEquals(Client.next(first), Client.next(retry));
        assertEquals(201, produce(0, 1).statusCode());
        assertEquals(2, server.client().read("s", "-1").events().size());
    }

    @Test
    void a_gap_says_what_comes_next() throws Exception {
        produce(0, 0);
        HttpResponse<String> gap = produce(0, 2);
        assertEquals(409, gap.statusCode());
        assertEquals("1", gap.headers().firstValue("Producer-Expected-Seq").orElseThrow());
        assertEquals("2", gap.headers().firstValue("Producer-Received-Seq").orElseThrow());
        assertEquals(1, server.client().read("s", "-1").events().size());
    }

    @Test
    void an_older_epoch_is_fenced_off() throws Exception {
        produce(0, 0);
        assertEquals(201, produce(1, 0).statusCode());
        HttpResponse<String> stale = produce(0, 1);
        assertEquals(403, stale.statusCode());
        assertEquals("1", stale.headers().firstValue("Producer-Epoch").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"Producer-Id, p", "Producer-Epoch, 0", "Producer-Seq, 0"})
    void one_header_alone_is_refused(String name, String value) throws Exception {
        assertEquals(400, server.client().post("s", "1", name, value).statusCode());
    }
}
