package io.perennial.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad input at `/servers`.
class BadServerEntryTest {
    @AutoClose
    private static final Machine MACHINE = new Machine();

    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        server = MACHINE.server();
    }

    @AfterAll
    static void nothing_was_registered_or_logged() throws Exception {
        assertEquals(List.of(server.id()), server.client().servers());
        assertEquals("", server.process().complaints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | id,url,port,pid",
                "{\"id\":1,\"url\":2,\"port\":\"3\",\"pid\":\"4\",\"metadata\":5} | id,url,port,pid,metadata",
                "{\"id\":\"\",\"url\":\"http://a\",\"port\":1,\"pid\":1} | id",
                "{\"id\":\"a\",\"url\":\"/relative\",\"port\":1,\"pid\":1} | url",
                "{\"id\":\"a\",\"url\":\"javascript:alert(1)\",\"port\":1,\"pid\":1} | url",
                "{\"id\":\"a\",\"url\":\"http://a\",\"port\":0,\"pid\":1} | port",
                "{\"id\":\"a\",\"url\":\"http://a\",\"port\":65536,\"pid\":1} | port",
                "{\"id\":\"a\",\"url\":\"http://a\",\"port\":1.5,\"pid\":0} | port,pid",
                "{\"id\":\"a\",\"url\":\"http://a\",\"port\":1e400,\"pid\":-1} | port,pid",
                "{\"id\":\"a\",\"url\":\"http://a\",\"port\":1,\"pid\":1,\"metadata\":[]} | metadata"
            })
    void a_wrong_server_entry_is_400_and_every_wrong_field_is_named(String entry, String fields) throws Exception {
        String request = Wire.request("POST", "/servers", "Content-Length", Integer.toString(entry.length()));
        Wire.Answer answer = Wire.exchange(server.url(), request + entry);
        Problem.assertIs(400, answer);
        String message = Client.json(answer.body()).asJsonObject().getString("message");
        for (String field : List.of("id", "url", "port", "pid", "metadata")) {
            assertEquals(
                    List.of(fields.split(",")).contains(field),
                    ("; " + message).contains("; " + field + ": "),
                    message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "1", "\"a\"", "{", "{}{}"})
    void a_server_entry_that_is_no_object_is_400_in_words_for_people(String entry) throws Exception {
        String request = Wire.request("POST", "/servers", "Content-Length", Integer.toString(entry.length()));
        Wire.Answer answer = Wire.exchange(server.url(), request + entry);
        Problem.assertIs(400, answer);
        assertFalse(answer.body().contains("JsonParser#"), answer.body());
    }

    @Test
    void a_server_id_that_is_not_utf_8_is_400() throws Exception {
        Problem.assertIs(400, Wire.exchange(server.url(), Wire.request("DELETE", "/servers/%ff")));
        Problem.assertIs(400, Wire.exchange(server.url(), Wire.request("DELETE", "/servers/%zz")));
    }
}
