package io.perennial.subscriptions;

import static io.perennial.subscriptions.LinksTest.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.StreamKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DraftTest {
    private static final int AMPLE = 100;
    private static final SubscriptionId ID = new SubscriptionId("sub-1");
    private static final StreamKey S = new StreamKey("events/s");
    private static final StreamKey OTHER = new StreamKey("other");
    private static final StreamKey WAKES = new StreamKey("events/wakes");
    private static final Set<LinkType> GLOB = Set.of(LinkType.GLOB);
    private static final Set<LinkType> EXPLICIT = Set.of(LinkType.EXPLICIT);
    private static final Set<LinkType> BOTH = Set.of(LinkType.GLOB, LinkType.EXPLICIT);
    private static final SubscriptionSpec SPEC = new SubscriptionSpec(
            new Channel.PullWake(WAKES), new Pattern.Glob("events/*"), List.of(), Duration.ofSeconds(30), "");

    private final Links links = new Links();

    @Test
    void a_stream_that_the_pattern_finds_is_linked_before_its_append() {
        Draft draft = draft();
        assertTrue(draft.learn(S, new News.Grown(at(10), at(12), at(20)), AMPLE));
        assertEquals(Optional.of(new Link(S, GLOB, new Link.Born(at(10)), at(12), at(20))), draft.find(S));
        assertTrue(draft.isPending());
    }

    @Test
    void a_stream_that_the_pattern_does_not_find_is_not_linked() {
        Draft draft = draft();
        assertTrue(draft.learn(OTHER, new News.Grown(at(10), at(12), at(20)), AMPLE));
        assertEquals(0, draft.size());
    }

    @Test
    void the_wake_stream_is_not_found_by_its_own_subscription() {
        Draft draft = draft();
        assertTrue(draft.learn(WAKES, new News.Grown(at(10), at(12), at(20)), AMPLE));
        assertEquals(0, draft.size());
    }

    @Test
    void where_there_is_no_room_a_stream_is_not_linked_and_those_that_are_go_on() {
        links.put(Link.at(S, GLOB, at(10), at(15)));
        Draft draft = draft();
        assertFalse(draft.learn(new StreamKey("events/t"), new News.Grown(at(10), at(12), at(20)), 1));
        assertTrue(draft.learn(S, new News.Grown(at(10), at(15), at(20)), 1));
        assertEquals(1, draft.size());
        assertTrue(draft.isPending());
    }

    @Test
    void a_glob_link_goes_with_its_stream_and_an_explicit_one_waits_for_the_next() {
        for (Set<LinkType> types : List.of(GLOB, EXPLICIT, BOTH)) {
            links.put(Link.at(S, types, at(10), at(15)));
            Draft draft = draft();
            draft.learn(S, new News.Gone(at(10)), AMPLE);
            assertEquals(types.equals(GLOB) ? Optional.empty() : Optional.of(Link.unborn(S, types)), draft.find(S));
        }
    }

    @Test
    void the_end_of_an_older_life_changes_nothing() {
        Link link = Link.at(S, GLOB, at(10), at(15));
        links.put(link);
        Draft draft = draft();
        draft.learn(S, new News.Gone(at(9)), AMPLE);
        assertEquals(Optional.of(link), draft.find(S));
        assertEquals(List.of(), edits(draft));
    }

    @Test
    void the_next_life_is_linked_from_where_it_begins() {
        links.put(Link.at(S, GLOB, at(10), at(15)));
        Draft draft = draft();
        draft.learn(S, new News.Grown(at(30), at(30), at(35)), AMPLE);
        assertEquals(Optional.of(new Link(S, GLOB, new Link.Born(at(30)), at(30), at(35))), draft.find(S));
    }

    @Test
    void an_explicit_link_is_taken_away_and_what_the_pattern_finds_stays() {
        for (Set<LinkType> types : List.of(EXPLICIT, BOTH)) {
            links.put(Link.at(S, types, at(10), at(15)));
            Draft draft = draft();
            draft.unlink(S);
            assertEquals(Optional.of(Link.at(S, GLOB, at(10), at(15))), draft.find(S));
        }
        links.put(Link.at(OTHER, EXPLICIT, at(10), at(15)));
        Draft draft = draft();
        draft.unlink(OTHER);
        assertEquals(Optional.empty(), draft.find(OTHER));
    }

    @Test
    void an_explicit_link_to_no_stream_is_taken_away_altogether() {
        links.put(Link.unborn(S, BOTH));
        Draft draft = draft();
        draft.unlink(S);
        assertEquals(Optional.empty(), draft.find(S));
    }

    @Test
    void to_take_an_explicit_link_away_that_is_not_there_changes_nothing() {
        links.put(Link.at(S, GLOB, at(10), at(15)));
        Draft draft = draft();
        draft.unlink(S);
        draft.unlink(OTHER);
        assertEquals(List.of(), edits(draft));
        assertEquals(1, draft.size());
    }

    @Test
    void nothing_is_true_before_it_is_applied() {
        Draft draft = draft();
        draft.put(Link.at(S, GLOB, at(10), at(15)));
        assertFalse(links.knows(S));
        draft.apply();
        assertTrue(links.knows(S));

        Draft next = draft();
        next.remove(S);
        assertTrue(links.knows(S));
        next.apply();
        assertFalse(links.knows(S));
    }

    @Test
    void the_size_counts_every_link_once() {
        links.put(Link.at(S, GLOB, at(10), at(15)));
        Draft draft = draft();
        draft.put(Link.at(S, BOTH, at(10), at(15)));
        assertEquals(1, draft.size());
        draft.put(Link.unborn(OTHER, EXPLICIT));
        draft.put(Link.unborn(OTHER, EXPLICIT));
        assertEquals(2, draft.size());
        draft.remove(S);
        draft.remove(S);
        assertEquals(1, draft.size());
        draft.put(Link.at(S, BOTH, at(10), at(15)));
        assertEquals(2, draft.size());
    }

    @Test
    void a_tail_alone_is_not_written_down_and_a_cursor_is() {
        Link link = Link.at(S, GLOB, at(10), at(15));
        links.put(link);
        Draft draft = draft();
        draft.put(link.grown(at(10), at(15), at(20)));
        assertEquals(List.of(), edits(draft));
        draft.put(link.acked(at(20)));
        assertEquals(1, edits(draft).size());
    }

    @Test
    void a_link_that_comes_and_goes_leaves_nothing_to_write() {
        Draft draft = draft();
        draft.put(Link.unborn(OTHER, EXPLICIT));
        draft.remove(OTHER);
        assertEquals(List.of(), edits(draft));
    }

    @Test
    void a_state_is_written_down_where_it_changed() {
        Draft draft = draft();
        draft.state(State.FRESH);
        assertEquals(0, edits(draft).size());
        draft.state(new State(1, new Phase.Announced("w"), Retry.NONE));
        assertEquals(1, edits(draft).size());
    }

    @Test
    void what_is_pending_counts_as_the_draft_has_it() {
        Link pending = Link.at(S, GLOB, at(10), at(15)).grown(at(10), at(15), at(20));
        links.put(pending);
        Draft draft = draft();
        assertTrue(draft.isPending());
        draft.put(pending.acked(at(20)));
        assertFalse(draft.isPending());
        draft.put(pending);
        draft.remove(S);
        assertFalse(draft.isPending());
    }

    @Test
    void a_snapshot_has_every_link_once_and_what_is_pending_first() {
        Link pending = Link.at(S, GLOB, at(10), at(15)).grown(at(10), at(15), at(20));
        for (int i = 0; i < 5; i++) {
            links.put(Link.at(new StreamKey("events/idle" + i), GLOB, at(10), at(15)));
        }
        links.put(pending);
        Link changed =
                Link.at(new StreamKey("events/idle3"), GLOB, at(10), at(15)).grown(at(10), at(15), at(16));
        Draft draft = draft();
        draft.put(changed);
        assertEquals(6, Set.copyOf(draft.snapshot(AMPLE)).size());
        assertEquals(6, draft.snapshot(AMPLE).size());
        for (int limit = 0; limit <= 6; limit++) {
            List<Link> snapshot = draft.snapshot(limit);
            assertEquals(limit, snapshot.size());
            assertEquals(
                    Math.min(limit, 2),
                    snapshot.stream().filter(Link::isPending).count());
        }
    }

    private Draft draft() {
        return new Draft(SPEC, State.FRESH, links);
    }

    private static List<?> edits(Draft draft) {
        return draft.edits(ID, new byte[0]);
    }
}
