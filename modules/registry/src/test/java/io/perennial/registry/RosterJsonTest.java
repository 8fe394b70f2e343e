package io.perennial.registry;

import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.Leases.object;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.registry.RosterJson.Corrupt;
import io.perennial.registry.RosterJson.Intact;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RosterJsonTest {
    private static final String LEASE =
            "{\"id\":\"a\",\"url\":\"http://127.0.0.1:4437\",\"port\":4437,\"pid\":12,\"lastHeartbeat\":1767225600000}";
    private static final String FILE = "{\"version\":1,\"servers\":[" + LEASE + "]}\n";

    @Test
    void the_format_to_the_byte() {
        assertEquals(FILE, new String(RosterJson.encode(Roster.EMPTY.with(lease("a"))), UTF_8));
        assertEquals("{\"version\":1,\"servers\":[]}\n", new String(RosterJson.encode(Roster.EMPTY), UTF_8));
    }

    @Test
    void what_is_written_can_be_read() {
        Roster roster = Roster.of(
                List.of(lease("\uD83C\uDF3F\"\\/"), lease("b", object("{\"x\":[1e400,\"\\u0000\",{}]}")), lease("c")));
        assertEquals(new Intact(roster), RosterJson.decode(RosterJson.encode(roster)));
    }

    @Test
    void fields_that_nobody_knows_are_ignored() {
        String file = FILE.replace("\"version\"", "\"comment\":[],\"version\"").replace("\"id\"", "\"x\":null,\"id\"");
        assertEquals(new Intact(Roster.EMPTY.with(lease("a"))), decoded(file));
    }

    @Test
    void whatever_is_cut_off_is_corrupt() {
        byte[] file = FILE.getBytes(UTF_8);
        for (int length = 0; length < file.length - 1; length++) {
            var content = RosterJson.decode(Arrays.copyOf(file, length));
            assertEquals(Corrupt.class, content.getClass(), "cut off after " + length + " bytes");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [] | not an object
            "x" | not an object
            {} | its version is not 1
            {"version":2,"servers":[]} | its version is not 1
            {"version":"1","servers":[]} | its version is not 1
            {"version":1.5,"servers":[]} | its version is not 1
            {"version":1} | its servers are no array
            {"version":1,"servers":{}} | its servers are no array
            {"version":1,"servers":[7]} | servers[0].lastHeartbeat must be an integer, of milliseconds
            """)
    void anything_else_is_corrupt(String file, String reason) {
        assertEquals(new Corrupt(reason), decoded(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"2026-01-01T00:00:00Z\"", "1.5", "1e30"})
    void a_heartbeat_is_a_number_of_milliseconds(String heartbeat) {
        assertEquals(
                new Corrupt("servers[0].lastHeartbeat must be an integer, of milliseconds"),
                decoded(FILE.replace("1767225600000", heartbeat)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-9223372036854775808", "9223372036854775807", "0"})
    void whatever_number_it_is(String heartbeat) {
        assertEquals(
                Intact.class, decoded(FILE.replace("1767225600000", heartbeat)).getClass());
    }

    @Test
    void a_lease_that_breaks_a_rule_is_corrupt() {
        assertEquals(
                new Corrupt("servers[1].port must be an integer from 1 to 65535"),
                decoded(FILE.replace(
                        LEASE, LEASE + "," + LEASE.replace("\"a\"", "\"b\"").replace("4437,", "0,"))));
        assertEquals(new Corrupt("servers[1].id is there twice"), decoded(FILE.replace(LEASE, LEASE + "," + LEASE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", ",", "\u0000"})
    void nothing_may_follow(String rest) {
        assertEquals(Corrupt.class, decoded(FILE + rest).getClass());
    }

    @Test
    void garbage_is_corrupt() {
        assertEquals(Corrupt.class, decoded("\u0000".repeat(100)).getClass());
        assertEquals(Corrupt.class, decoded("[".repeat(1_000_000)).getClass());
        assertEquals(
                Corrupt.class, decoded(FILE.replace("4437,", "1e99999999999,")).getClass());
        assertEquals(
                new Corrupt("not UTF-8"),
                RosterJson.decode(FILE.replace("a", "\u00e4").getBytes(ISO_8859_1)));
    }

    @Test
    void more_bytes_than_the_format_allows_are_not_looked_at() {
        byte[] spaces = new byte[RosterJson.LIMIT_BYTES + 1];
        Arrays.fill(spaces, (byte) ' ');
        byte[] file = FILE.getBytes(UTF_8);
        System.arraycopy(file, 0, spaces, 0, file.length);
        assertEquals(new Corrupt("larger than 8388608 bytes"), RosterJson.decode(spaces));

        byte[] fits = Arrays.copyOf(spaces, RosterJson.LIMIT_BYTES);
        assertEquals(new Intact(Roster.EMPTY.with(lease("a"))), RosterJson.decode(fits));
    }

    @Test
    void a_roster_fits_when_it_can_be_read_again() {
        String large = "x".repeat(4000);
        List<Lease> leases = IntStream.range(0, 2100)
                .mapToObj(i -> lease("s" + i, object("{\"x\":\"" + large + "\"}")))
                .toList();
        assertTrue(RosterJson.fits(Roster.of(leases.subList(0, 2000))));
        assertFalse(RosterJson.fits(Roster.of(leases)));
    }

    private static RosterJson.Content decoded(String file) {
        return RosterJson.decode(file.getBytes(UTF_8));
    }
}
