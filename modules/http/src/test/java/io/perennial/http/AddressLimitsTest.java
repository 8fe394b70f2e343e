package io.perennial.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.access.Links;
import io.perennial.http.CallerLimits.Rates;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who is counted as one where limits are by address: behind a proxy that is believed, with one live answer for each.
class AddressLimitsTest {
    private static final String LIVE = "s?live=sse&offset=now";
    private static final String POLL = "/v1/stream/s?live=long-poll&offset=now";

    private TestServer server;
    private Streams streams;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        CallerLimits limits = new CallerLimits(Rates.NONE, new Rates(0, 0, 1), List.of("127.0.0.1"));
        Links links = Links.open(directory.resolve("link.key"), new SteppingClock(TestServer.BEGINNING));
        server = TestServer.on(directory, Guard.open(links, limits, Optional.empty()));
        streams = new Streams(server);
        streams.created("s", Streams.JSON);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int answered(String first, String second) throws Exception {
        try (Followed live = streams.follow(LIVE, "X-Forwarded-For: " + first)) {
            assertEquals(200, live.head().status());
            return server.get(POLL, "X-Forwarded-For: " + second).status();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::2",
        "2001:db8::1, 2001:db8:0:0:ffff:ffff:ffff:ffff",
        "2001:db8:0:1::, [2001:DB8:0:1:8000::7]:4437",
        "10.0.0.1, ::ffff:10.0.0.1",
        "10.0.0.1, ::ffff:a00:1",
        "::1, ::2"
    })
    void a_host_with_many_addresses_is_one(String first, String second) throws Exception {
        assertEquals(429, answered(first, second));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8:0:1::1",
        "2001:db8:0:0:ffff:ffff:ffff:ffff, 2001:db8:0:1::",
        "2001:db8::1, 3001:db8::1",
        "10.0.0.1, 10.0.0.2",
        "::ffff:10.0.0.1, ::ffff:10.0.0.2",
        "::ffff:10.0.0.1, ::1"
    })
    void others_are_others(String first, String second) throws Exception {
        assertEquals(204, answered(first, second));
    }
}
