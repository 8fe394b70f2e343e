package io.perennial.registry;

import static io.perennial.registry.Leases.ids;
import static io.perennial.registry.Leases.lease;
import static io.perennial.registry.ManualTime.BEGIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perennial.registry.RegistryChange.Expired;
import io.perennial.registry.RegistryChange.Joined;
import io.perennial.registry.RegistryChange.Left;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {
    private static final Duration TTL = Duration.ofSeconds(30);

    @Test
    void it_is_ordered_by_id_and_has_one_lease_for_each() {
        Roster roster = Roster.of(List.of(lease("b"), lease("a", 1), lease("c"), lease("a", 2)));
        assertEquals(List.of(lease("a", 2), lease("b"), lease("c")), roster.leases());
    }

    @Test
    void changing_it_makes_another_one() {
        Roster one = Roster.EMPTY.with(lease("a"));
        assertEquals(List.of("a", "b"), ids(one.with(lease("b")).leases()));
        assertEquals(List.of(), one.without("a").leases());
        assertEquals(one, one.without("b"));
        assertEquals(List.of("a"), ids(one.leases()));
    }

    @Test
    void only_what_is_stale_goes() {
        Roster roster = Roster.of(List.of(lease("a", BEGIN), lease("b", BEGIN.plusMillis(1))));
        assertEquals(roster, roster.withoutStale(BEGIN.plus(TTL), TTL));
        assertEquals(
                List.of("b"),
                ids(roster.withoutStale(BEGIN.plus(TTL).plusMillis(1), TTL).leases()));
    }

    @Test
    void a_heartbeat_that_is_yet_to_come_is_one_of_now() {
        Roster roster = Roster.of(List.of(lease("a", BEGIN.plusSeconds(3600)), lease("b", BEGIN)));
        assertEquals(
                List.of(lease("a", BEGIN), lease("b", BEGIN)),
                roster.withoutFuture(BEGIN).leases());
    }

    @Test
    void who_is_gone_has_left_or_expired_and_who_is_new_has_joined() {
        Roster before = Roster.of(List.of(lease("fresh", BEGIN.plusMillis(1)), lease("stale", BEGIN), lease("stays")));
        Roster after = Roster.of(List.of(lease("stays"), lease("new")));
        assertEquals(
                List.of(
                        new Left(lease("fresh", BEGIN.plusMillis(1))),
                        new Expired(lease("stale", BEGIN)),
                        new Joined(lease("new"))),
                after.changesSince(before, BEGIN.plus(TTL).plusMillis(1), TTL));
    }

    @Test
    void a_renewal_is_no_change_and_a_replacement_joins() {
        Roster before = Roster.of(List.of(lease("a"), lease("b", 1)));
        Roster after = Roster.of(List.of(lease("a", BEGIN.plusSeconds(1)), lease("b", 2)));
        assertEquals(List.of(new Joined(lease("b", 2))), after.changesSince(before, BEGIN, TTL));
    }
}
