package io.perennial.subscriptions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final StreamKey S = new StreamKey("s");
    private static final Set<LinkType> GLOB = Set.of(LinkType.GLOB);
    private static final Set<LinkType> EXPLICIT = Set.of(LinkType.EXPLICIT);
    private static final Set<LinkType> BOTH = Set.of(LinkType.GLOB, LinkType.EXPLICIT);

    @Test
    void a_link_begins_with_nothing_pending() {
        assertFalse(Link.at(S, GLOB, at(10), at(15)).isPending());
        assertFalse(Link.unborn(S, EXPLICIT).isPending());
    }

    @Test
    void it_is_pending_until_all_of_it_is_acked() {
        Link grown = Link.at(S, GLOB, at(10), at(15)).grown(at(10), at(15), at(20));
        assertTrue(grown.isPending());
        assertTrue(grown.acked(at(19)).isPending());
        assertFalse(grown.acked(at(20)).isPending());
    }

    @Test
    void a_cursor_never_goes_back() {
        Link link = Link.at(S, GLOB, at(10), at(15)).grown(at(10), at(15), at(20));
        for (long first = 10; first <= 20; first++) {
            Link acked = link.acked(at(first));
            for (long second = 10; second <= 20; second++) {
                assertEquals(
                        at(Math.max(Math.max(first, second), 15)),
                        acked.acked(at(second)).acked());
            }
        }
    }

    @Test
    void a_tail_never_lies_before_the_cursor_nor_goes_back() {
        Link link = Link.at(S, GLOB, at(10), at(15)).grown(at(10), at(15), at(20));
        assertEquals(at(30), link.acked(at(30)).tail());
        assertSame(link, link.grown(at(10), at(15), at(18)));
        assertSame(link, link.grown(at(10), at(10), at(20)));
    }

    @Test
    void news_of_an_older_life_is_ignored() {
        Link link = Link.at(S, GLOB, at(10), at(15));
        assertSame(link, link.grown(at(9), at(9), at(99)));
        assertFalse(link.endsWith(at(9)));
    }

    @Test
    void the_next_life_of_a_stream_begins_its_link_anew() {
        Link link = Link.at(S, BOTH, at(10), at(15)).grown(at(10), at(15), at(20));
        Link next = link.grown(at(30), at(30), at(35));
        assertEquals(new Link(S, BOTH, new Link.Born(at(30)), at(30), at(35)), next);
        assertTrue(next.isPending());
    }

    @Test
    void a_stream_that_comes_into_being_is_pending_from_its_start() {
        Link born = Link.unborn(S, EXPLICIT).grown(at(30), at(30), at(35));
        assertEquals(new Link(S, EXPLICIT, new Link.Born(at(30)), at(30), at(35)), born);
    }

    @Test
    void a_life_ends_with_its_stream_or_a_later_one() {
        Link link = Link.at(S, GLOB, at(10), at(15));
        assertTrue(link.endsWith(at(10)));
        assertTrue(link.endsWith(at(11)));
        assertFalse(Link.unborn(S, EXPLICIT).endsWith(at(11)));
    }

    @Test
    void explicit_is_shown_before_glob() {
        assertEquals(LinkType.GLOB, Link.unborn(S, GLOB).shownType());
        assertEquals(LinkType.EXPLICIT, Link.unborn(S, EXPLICIT).shownType());
        assertEquals(LinkType.EXPLICIT, Link.unborn(S, BOTH).shownType());
    }

    @Test
    void a_link_is_of_some_type() {
        assertThrows(IllegalArgumentException.class, () -> Link.unborn(S, Set.of()));
    }

    @Test
    void links_are_in_the_order_of_their_paths_and_pending_ones_known() {
        Links links = new Links();
        links.put(pending("b"));
        links.put(idle("c"));
        links.put(pending("a"));
        assertEquals(
                List.of("a", "b", "c"),
                links.all().stream().map(link -> link.stream().path()).toList());
        assertEquals(Optional.of(new StreamKey("b")), links.firstPending());

        links.put(idle("b"));
        assertEquals(Optional.of(new StreamKey("a")), links.firstPending());
        assertFalse(links.anyPendingBut(Set.of(new StreamKey("a"))));

        links.remove(new StreamKey("a"));
        assertEquals(Optional.empty(), links.firstPending());
        assertEquals(2, links.size());
        assertFalse(links.knows(new StreamKey("a")));
    }

    @Test
    void some_links_are_as_many_as_asked_for_and_none_of_the_others() {
        Links links = new Links();
        List.of("a", "b", "c").forEach(path -> links.put(pending(path)));
        links.put(idle("d"));
        assertEquals(2, links.some(true, Set.of(new StreamKey("a")), 5).size());
        assertEquals(1, links.some(true, Set.of(), 1).size());
        assertEquals(0, links.some(true, Set.of(), 0).size());
        assertEquals(List.of(idle("d")), links.some(false, Set.of(), 5));
    }

    @Test
    void of_two_news_the_later_life_counts() {
        News old = new News.Grown(at(10), at(10), at(20));
        News gone = new News.Gone(at(10));
        News next = new News.Grown(at(30), at(30), at(35));
        for (News late : List.of(old, gone)) {
            assertEquals(next, late.and(next));
            assertEquals(next, next.and(late));
        }
        assertEquals(gone, old.and(gone));
        assertEquals(gone, gone.and(old));
        assertEquals(gone, gone.and(gone));
    }

    @Test
    void of_one_life_the_news_add_up() {
        News first = new News.Grown(at(10), at(12), at(15));
        News second = new News.Grown(at(10), at(15), at(20));
        News both = new News.Grown(at(10), at(12), at(20));
        assertEquals(both, first.and(second));
        assertEquals(both, second.and(first));
    }

    @Test
    void a_cursor_is_an_offset_or_minus_one() {
        assertEquals("-1", Cursors.text(Cursors.START));
        assertEquals(Cursors.START, Cursors.parse("-1"));
        assertEquals(at(10), Cursors.parse(Cursors.text(at(10))));
        for (String wrong :
                List.of("", "now", "-2", "0", "-1 ", at(10).toString().toLowerCase(Locale.ROOT))) {
            assertThrows(IllegalArgumentException.class, () -> Cursors.parse(wrong), wrong);
        }
    }

    private static Link idle(String path) {
        return Link.at(new StreamKey(path), GLOB, at(10), at(15));
    }

    private static Link pending(String path) {
        return idle(path).grown(at(10), at(15), at(20));
    }

    static Offset at(long millis) {
        return Offset.since(Instant.ofEpochMilli(millis));
    }
}
