package io.perennial.registry;

import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.Leases.object;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration TTL = Duration.ofSeconds(30);

    @Test
    void what_breaks_a_rule_cannot_be_made() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> lease(""));
        assertTrue(String.valueOf(thrown.getMessage()).contains("field=id"), thrown::toString);
        assertThrows(IllegalArgumentException.class, () -> lease("a", 0));
    }

    @Test
    void its_heartbeat_is_kept_to_the_millisecond_as_the_file_has_it() {
        assertEquals(BEGIN.plusMillis(1), lease("a", BEGIN.plusNanos(1_999_999)).lastHeartbeat());
    }

    @Test
    void it_is_stale_when_it_is_older_than_the_ttl_and_not_yet_when_it_is_as_old() {
        assertFalse(lease("a", BEGIN).isStale(BEGIN.plus(TTL), TTL));
        assertTrue(lease("a", BEGIN).isStale(BEGIN.plus(TTL).plusMillis(1), TTL));
    }

    @Test
    void the_same_server_may_say_something_else() {
        Lease lease = lease("a");
        Lease saysMore = lease("a", object("{\"zone\":\"b\"}"));
        assertTrue(lease.isOfSameServer(saysMore));
        assertFalse(lease.saysTheSame(saysMore));
    }

    @Test
    void another_process_is_another_server_and_so_is_another_address() {
        Lease lease = lease("a");
        Lease elsewhere = new Lease("a", URI.create("http://127.0.0.1:1"), 4437, 12, BEGIN, lease.metadata());
        Lease otherPort = new Lease("a", lease.url(), 1, 12, BEGIN, lease.metadata());

        assertFalse(lease.isOfSameServer(lease("a", 13)));
        assertFalse(lease.isOfSameServer(lease("b")));
        assertFalse(lease.isOfSameServer(elsewhere));
        assertFalse(lease.isOfSameServer(otherPort));
        assertTrue(lease.saysTheSame(lease.stamped(BEGIN.plusSeconds(1))));
    }
}
