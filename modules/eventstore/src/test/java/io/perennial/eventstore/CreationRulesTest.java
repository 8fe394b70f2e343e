package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.Create.ForkType;
import io.perennial.eventstore.CreateOutcome.Difference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// The rules of creation, forking, expiry and deletion over their whole input space, against an oracle that follows the
/// protocol, sections 4.2, 5.1 and 5.4.
class CreationRulesTest {
    private static final Offset CREATED = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FA0");
    private static final Offset EARLY = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FA5");
    private static final Offset TAIL = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FA9");
    private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SOURCE = 7;

    private static final List<ContentType> TYPES = List.of(
            ContentType.JSON,
            new ContentType("APPLICATION/json ;charset=utf-8"),
            new ContentType("text/plain"),
            new ContentType("text/plain; charset=utf-8"),
            new ContentType("application/jsonl"));
    private static final List<Lifetime> LIFETIMES = List.of(
            Lifetime.UNLIMITED,
            new Lifetime.Sliding(0),
            new Lifetime.Sliding(60),
            new Lifetime.Sliding(61),
            new Lifetime.Until(END),
            new Lifetime.Until(END.plusMillis(1)));
    private static final List<ReadFrom> POINTS =
            List.of(ReadFrom.START, new ReadFrom.At(EARLY), new ReadFrom.At(TAIL), ReadFrom.TAIL);
    private static final List<Lineage> LINEAGES = List.of(
            Lineage.ROOT,
            new Lineage.Forked(SOURCE, Offset.LEAST, 0, Offset.LEAST, Integer.MAX_VALUE),
            new Lineage.Forked(SOURCE, EARLY, 0, EARLY, Integer.MAX_VALUE),
            new Lineage.Forked(SOURCE, EARLY, 2, EARLY.next(), 2),
            new Lineage.Forked(SOURCE, TAIL, 0, TAIL, Integer.MAX_VALUE),
            new Lineage.Forked(SOURCE + 1, EARLY, 0, EARLY, Integer.MAX_VALUE));

    // "200 OK if the existing stream's configuration matches the request, or 409 Conflict if it does not."
    @Test
    void a_stream_that_exists_is_as_asked_or_differs_in_what_is_told() {
        int cases = 0;
        for (StreamRow row : rows()) {
            for (Create create : creates()) {
                for (Optional<StreamRow> source : sources(create.origin())) {
                    Set<Difference> differences = differences(row, source, create);
                    CreateOutcome outcome = Rules.existing(row, source, create);
                    Supplier<String> of = () -> outcome + " of " + row + ", " + source + ", " + create;
                    if (row.state() == StreamRow.State.SOFT_DELETED) {
                        assertEquals(new CreateOutcome.Blocked(), outcome, of);
                    } else if (differences.isEmpty()) {
                        assertEquals(new CreateOutcome.Existing(row.info()), outcome, of);
                    } else {
                        var differs = assertInstanceOf(CreateOutcome.Differs.class, outcome, of);
                        assertTrue(differences.contains(differs.difference()), of);
                    }
                    cases++;
                }
            }
        }
        assertTrue(cases > 500_000, "the input space has shrunk to " + cases);
    }

    private static Set<Difference> differences(StreamRow row, Optional<StreamRow> source, Create create) {
        Set<Difference> differences = EnumSet.noneOf(Difference.class);
        boolean sameType = switch (create.origin()) {
            case Create.Fresh(ContentType type) ->
                isJson(type) == isJson(row.contentType()) && isText(type) == isText(row.contentType());
            case Create.Fork fork ->
                !(fork.type() instanceof ForkType.Exactly(ContentType type))
                        || (isJson(type) == isJson(row.contentType()) && isText(type) == isText(row.contentType()));
        };
        if (!sameType) {
            differences.add(Difference.CONTENT_TYPE);
        }
        if (!hasSameOrigin(row, source, create.origin())) {
            differences.add(Difference.ORIGIN);
        }
        // A fork that asks for no lifetime has its source's, whatever that is.
        boolean asksForNone = create.lifetime().equals(Lifetime.UNLIMITED);
        boolean isFork = create.origin() instanceof Create.Fork;
        if (!(isFork && asksForNone) && !create.lifetime().equals(row.lifetime())) {
            differences.add(Difference.LIFETIME);
        }
        // "Servers MUST compare the Stream-Closed header in the request against the stream's current closure status."
        if ((create.closing() == Closing.CLOSE) != (row.state() == StreamRow.State.CLOSED)) {
            differences.add(Difference.CLOSURE);
        }
        return differences;
    }

    private static boolean isJson(ContentType type) {
        return TYPES.indexOf(type) < 2;
    }

    private static boolean isText(ContentType type) {
        return TYPES.indexOf(type) == 2 || TYPES.indexOf(type) == 3;
    }

    // "Matching configuration, including Stream-Forked-From and Stream-Fork-Offset."
    private static boolean hasSameOrigin(StreamRow row, Optional<StreamRow> source, Create.Origin origin) {
        return switch (origin) {
            case Create.Fresh _ -> LINEAGES.indexOf(row.birth().lineage()) == 0;
            case Create.Fork fork ->
                source.isPresent()
                        && source.get().id() == SOURCE
                        && switch (LINEAGES.indexOf(row.birth().lineage())) {
                            case 1 -> fork.subOffset() == 0 && List.of(0, 3).contains(POINTS.indexOf(fork.at()));
                            case 2 -> fork.subOffset() == 0 && List.of(1, 3).contains(POINTS.indexOf(fork.at()));
                            case 3 -> fork.subOffset() == 2 && List.of(1, 3).contains(POINTS.indexOf(fork.at()));
                            case 4 -> fork.subOffset() == 0 && List.of(2, 3).contains(POINTS.indexOf(fork.at()));
                            default -> false;
                        };
        };
    }

    // "Fork creation errors", in the order of their table.
    @Test
    void a_fork_is_refused_where_its_source_is_not_what_it_has_to_be() {
        List<ReadFrom> points = new ArrayList<>(POINTS);
        points.add(new ReadFrom.At(TAIL.next()));
        for (ReadFrom at : points) {
            for (ForkType type : forkTypes()) {
                var fork = new Create.Fork(Appends.key("source"), at, 0, type);
                assertEquals(Optional.of(new CreateOutcome.SourceAbsent()), Rules.againstFork(Optional.empty(), fork));
                for (ContentType sourceType : TYPES) {
                    StreamRow open = row(SOURCE, sourceType, Lifetime.UNLIMITED, Lineage.ROOT);
                    assertEquals(refusal(open, fork), Rules.againstFork(Optional.of(open), fork));
                    StreamRow closed = open.closed(Producer.ANONYMOUS);
                    assertEquals(refusal(closed, fork), Rules.againstFork(Optional.of(closed), fork));
                    assertEquals(
                            Optional.of(new CreateOutcome.SourceSoftDeleted()),
                            Rules.againstFork(Optional.of(open.softDeleted()), fork));
                }
            }
        }
    }

    private static Optional<CreateOutcome> refusal(StreamRow source, Create.Fork fork) {
        if (fork.type() instanceof ForkType.Exactly(ContentType type)
                && (isJson(type) != isJson(source.contentType()) || isText(type) != isText(source.contentType()))) {
            return Optional.of(new CreateOutcome.SourceDiffers(source.contentType()));
        }
        return fork.at().equals(new ReadFrom.At(TAIL.next()))
                ? Optional.of(new CreateOutcome.BeyondTail(TAIL))
                : Optional.empty();
    }

    // The table of section 4.2: what is asked for, and otherwise the source's.
    @Test
    void a_fork_gets_the_lifetime_it_asks_for_and_otherwise_that_of_its_source() {
        for (Lifetime ofSource : LIFETIMES) {
            StreamRow source = row(SOURCE, ContentType.JSON, ofSource, Lineage.ROOT);
            for (Lifetime asked : LIFETIMES) {
                assertEquals(asked.equals(Lifetime.UNLIMITED) ? ofSource : asked, Rules.lifetime(asked, source));
            }
        }
    }

    @Test
    void a_stream_expires_at_its_deadline_and_not_a_millisecond_before() {
        long end = END.toEpochMilli();
        StreamRow until = row(1, ContentType.JSON, new Lifetime.Until(END), Lineage.ROOT);
        StreamRow unlimited = row(1, ContentType.JSON, Lifetime.UNLIMITED, Lineage.ROOT);
        StreamRow sliding = row(1, ContentType.JSON, new Lifetime.Sliding(60), Lineage.ROOT);
        StreamRow longest = row(1, ContentType.JSON, new Lifetime.Sliding(Lifetime.Sliding.MOST_SECONDS), Lineage.ROOT);
        for (long touched : List.of(0L, 5_000L, end)) {
            for (long now : List.of(0L, 59_999L, 60_000L, 64_999L, 65_000L, end - 1, end, end + 59_999, end + 60_000)) {
                assertEquals(now >= end, Rules.isExpired(until, touched, now), now + " until");
                assertEquals(now >= touched + 60_000, Rules.isExpired(sliding, touched, now), now + " sliding");
                long onDisk = Math.max(touched, 5_000);
                assertEquals(now >= onDisk + 60_000, Rules.isExpired(sliding.touched(5_000), touched, now));
                assertEquals(false, Rules.isExpired(unlimited, touched, now));
                assertEquals(false, Rules.isExpired(longest, touched, now));
            }
        }
        assertTrue(Rules.isExpired(row(1, ContentType.JSON, new Lifetime.Sliding(0), Lineage.ROOT), 5, 5));
    }

    @Test
    void what_is_there_is_deleted_and_what_is_kept_for_forks_was_deleted_before() {
        StreamRow open = row(1, ContentType.JSON, Lifetime.UNLIMITED, Lineage.ROOT);
        for (StreamRow each : List.of(open, open.forked(2), open.closed(Producer.ANONYMOUS))) {
            assertEquals(DeleteOutcome.DELETED, Rules.delete(Optional.of(each)));
            assertEquals(DeleteOutcome.SOFT_DELETED, Rules.delete(Optional.of(each.softDeleted())));
        }
        assertEquals(DeleteOutcome.ABSENT, Rules.delete(Optional.empty()));
    }

    private static List<StreamRow> rows() {
        List<StreamRow> rows = new ArrayList<>();
        for (ContentType type : TYPES) {
            for (Lifetime lifetime : LIFETIMES) {
                for (Lineage lineage : LINEAGES) {
                    StreamRow open = row(1, type, lifetime, lineage);
                    rows.addAll(List.of(open, open.closed(Producer.ANONYMOUS), open.softDeleted()));
                }
            }
        }
        return rows;
    }

    private static List<Create> creates() {
        List<Create.Origin> origins = new ArrayList<>();
        TYPES.forEach(type -> origins.add(new Create.Fresh(type)));
        for (ReadFrom at : POINTS) {
            for (long subOffset : List.of(0L, 1L, 2L)) {
                forkTypes().forEach(type -> origins.add(new Create.Fork(Appends.key("source"), at, subOffset, type)));
            }
        }
        List<Create> creates = new ArrayList<>();
        for (Create.Origin origin : origins) {
            for (Lifetime lifetime : LIFETIMES) {
                for (Closing closing : Closing.values()) {
                    creates.add(new Create(Appends.key("s"), origin, lifetime, closing, List.of()));
                }
            }
        }
        return creates;
    }

    private static List<ForkType> forkTypes() {
        List<ForkType> types = new ArrayList<>(List.of(new ForkType.Inherited()));
        TYPES.forEach(type -> types.add(new ForkType.Exactly(type)));
        return types;
    }

    // None, the one that the forks above are of, deleted or not, and another.
    private static List<Optional<StreamRow>> sources(Create.Origin origin) {
        if (origin instanceof Create.Fresh) {
            return List.of(Optional.empty());
        }
        StreamRow source = row(SOURCE, ContentType.JSON, Lifetime.UNLIMITED, Lineage.ROOT);
        StreamRow other = row(SOURCE + 2, ContentType.JSON, Lifetime.UNLIMITED, Lineage.ROOT);
        return List.of(Optional.empty(), Optional.of(source), Optional.of(source.softDeleted()), Optional.of(other));
    }

    private static StreamRow row(long id, ContentType type, Lifetime lifetime, Lineage lineage) {
        var birth = new StreamRow.Birth(id, Appends.key("s"), CREATED, type, lifetime, Retention.UNLIMITED, lineage);
        return StreamRow.born(birth, 0).grown(TAIL);
    }
}
