package io.perennial.eventstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.Append.IfAbsent;
import io.perennial.eventstore.Producer.Idempotent;
import io.perennial.eventstore.Rules.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The rules over their whole input space, against an oracle that follows the text of the protocol, sections 5.2 and
/// 5.2.1, sentence by sentence.
class RulesTest {
    private static final long LAST = Producer.GREATEST;
    private static final ContentType JSON = ContentType.JSON;
    private static final Offset CREATED = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static final Offset TAIL = Offset.parse("01ARZ3NDEKTSV4RRFFQ69G5FAW");
    private static final List<Long> NUMBERS = List.of(0L, 1L, 2L, 3L, LAST - 1, LAST);

    // Less than the last one because it is its beginning, equal, and greater byte by byte.
    private static final List<WriterSeq> SEQUENCES = List.of(WriterSeq.NONE, value("1"), value("10"), value("9"));

    private record Case(Optional<StreamRow> row, ProducerRow known, Append append) {}

    @Test
    void every_rule_decides_as_the_protocol_says() {
        List<Optional<StreamRow>> rows = streamRows();
        int cases = 0;
        for (Append append : appends()) {
            for (ProducerRow known : producerRows(append.producer())) {
                for (Optional<StreamRow> row : rows) {
                    if (isPossible(row, known, append)) {
                        Case each = new Case(row, known, append);
                        assertEquals(expected(each), Rules.append(row, known, append), () -> "of " + each);
                        cases++;
                    }
                }
            }
        }
        assertTrue(cases > 800_000, "the input space has shrunk to " + cases);
    }

    @Test
    void writer_sequences_are_compared_byte_by_byte() {
        List<String> values = List.of("0", "00", "1", "10", "9", "A", "a", "aa", "z", "~", "\u0080", "é", "ÿ", "ÿ0");
        for (String last : values) {
            StreamRow row = open().sequenced(new WriterSeq.Value(last));
            for (String next : values) {
                Append append = Appends.sequenced(next, Appends.of("s", "x"));
                boolean isGreater = Arrays.compareUnsigned(
                                next.getBytes(StandardCharsets.ISO_8859_1), last.getBytes(StandardCharsets.ISO_8859_1))
                        > 0;
                assertEquals(
                        isGreater ? new Decision.Store() : rejected(new Rejection.SequenceRegressed(last)),
                        Rules.append(Optional.of(row), ProducerRow.UNKNOWN, append),
                        next + " after " + last);
            }
        }
    }

    @Test
    void the_retry_of_a_producer_is_a_duplicate_and_no_regression() {
        Optional<StreamRow> row = Optional.of(open().sequenced(new WriterSeq.Value("7")));
        Append retry = Appends.sequenced("5", Appends.by("p", 0, 3, Appends.of("s", "x")));
        assertEquals(duplicate(Ending.UP_TO_DATE, 4), Rules.append(row, new ProducerRow.Known(0, 4), retry));
        assertEquals(
                rejected(new Rejection.SequenceRegressed("7")), Rules.append(row, new ProducerRow.Known(0, 2), retry));
    }

    private static List<Append> appends() {
        List<Producer> producers = new ArrayList<>(List.of(Producer.ANONYMOUS));
        for (long epoch : NUMBERS) {
            for (long seq : NUMBERS) {
                producers.add(new Idempotent("p", epoch, seq));
            }
        }
        List<Append> appends = new ArrayList<>();
        for (Producer producer : producers) {
            for (String type : List.of("application/json", "Application/JSON ; charset=utf-8", "text/plain")) {
                for (int events : List.of(0, 1, 3)) {
                    for (Closing closing : Closing.values()) {
                        for (IfAbsent ifAbsent : IfAbsent.values()) {
                            if (events > 0 || closing == Closing.CLOSE) {
                                for (WriterSeq seq : SEQUENCES) {
                                    appends.add(append(producer, type, events, seq, closing, ifAbsent));
                                }
                            }
                        }
                    }
                }
            }
        }
        return appends;
    }

    private static Append append(
            Producer producer, String type, int events, WriterSeq seq, Closing closing, IfAbsent ifAbsent) {
        List<byte[]> data = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            data.add(new byte[] {(byte) i});
        }
        return new Append(new StreamKey("s"), new ContentType(type), data, producer, seq, closing, ifAbsent);
    }

    private static List<ProducerRow> producerRows(Producer producer) {
        List<ProducerRow> rows = new ArrayList<>(List.of(ProducerRow.UNKNOWN));
        if (producer instanceof Idempotent) {
            for (long epoch : NUMBERS) {
                for (long seq : NUMBERS) {
                    rows.add(new ProducerRow.Known(epoch, seq));
                }
            }
        }
        return rows;
    }

    private static List<Optional<StreamRow>> streamRows() {
        List<Optional<StreamRow>> rows = new ArrayList<>(List.of(Optional.empty()));
        StreamRow open = open();
        rows.add(Optional.of(open));
        rows.add(Optional.of(open.sequenced(new WriterSeq.Value("10"))));
        rows.add(Optional.of(open.sequenced(new WriterSeq.Value("10")).closed(Producer.ANONYMOUS)));
        rows.add(Optional.of(open.closed(Producer.ANONYMOUS)));
        rows.add(Optional.of(open.closed(new Idempotent("q", 1, 1))));
        for (long epoch : List.of(0L, 1L, LAST)) {
            for (long seq : List.of(0L, 1L, LAST)) {
                rows.add(Optional.of(open.closed(new Idempotent("p", epoch, seq))));
            }
        }
        rows.add(Optional.of(open.softDeleted()));
        rows.add(Optional.of(open.closed(Producer.ANONYMOUS).softDeleted()));
        return rows;
    }

    private static StreamRow open() {
        var birth = new StreamRow.Birth(
                1, new StreamKey("s"), CREATED, JSON, Lifetime.UNLIMITED, Retention.UNLIMITED, Lineage.ROOT);
        return StreamRow.born(birth, 0).grown(TAIL);
    }

    private static WriterSeq value(String value) {
        return new WriterSeq.Value(value);
    }

    // A stream that is not there knows nobody, and the append that closed a stream was its producer's last.
    private static boolean isPossible(Optional<StreamRow> row, ProducerRow known, Append append) {
        if (row.isEmpty()) {
            return known.equals(ProducerRow.UNKNOWN);
        }
        return !(row.get().closer() instanceof Idempotent(String id, long epoch, long seq))
                || !(append.producer() instanceof Idempotent producer)
                || !producer.id().equals(id)
                || known.equals(new ProducerRow.Known(epoch, seq));
    }

    private static Decision expected(Case each) {
        Append append = each.append();
        if (each.row().isEmpty()) {
            if (append.ifAbsent() == IfAbsent.REJECT) {
                return rejected(new Rejection.Absent());
            }
            Decision decision = validated(each.known(), append);
            return decision.equals(new Decision.Store()) ? new Decision.CreateAndStore() : decision;
        }
        StreamRow stream = each.row().get();
        if (stream.state() == StreamRow.State.SOFT_DELETED) {
            return rejected(new Rejection.SoftDeleted());
        }
        // Precedence: closed, then the content type; an empty body is never rejected for its type.
        if (stream.state() == StreamRow.State.CLOSED) {
            return closed(stream, each.known(), append);
        }
        boolean otherType = append.contentType().value().startsWith("text/");
        if (!append.events().isEmpty() && otherType) {
            return rejected(new Rejection.OtherContentType(JSON));
        }
        Decision decision = validated(each.known(), append);
        return decision.equals(new Decision.Store()) ? sequenced(stream, append) : decision;
    }

    // "If provided and less than or equal to the last appended sequence, the server MUST return 409 Conflict."
    private static Decision sequenced(StreamRow stream, Append append) {
        boolean isLess =
                append.writerSeq().equals(value("1")) || append.writerSeq().equals(value("10"));
        return isLess && stream.writerSeq().equals(value("10"))
                ? rejected(new Rejection.SequenceRegressed("10"))
                : new Decision.Store();
    }

    // "If the (producerId, epoch, seq) matches the request that closed the stream, return 204. Otherwise, return 409."
    // "Close-only requests are idempotent. Append-and-close requests are not (without idempotent producer headers)."
    private static Decision closed(StreamRow stream, ProducerRow known, Append append) {
        boolean repeated = append.producer().equals(Producer.ANONYMOUS)
                ? append.events().isEmpty()
                : append.producer().equals(stream.closer());
        return repeated
                ? duplicate(Ending.CLOSED, known instanceof ProducerRow.Known row ? row.seq() : 0)
                : rejected(new Rejection.Closed(TAIL));
    }

    // The validation logic of 5.2.1, in its order.
    private static Decision validated(ProducerRow known, Append append) {
        if (!(append.producer() instanceof Idempotent(String _, long epoch, long seq))) {
            return new Decision.Store();
        }
        if (!(known instanceof ProducerRow.Known(long stateEpoch, long lastSeq))) {
            return seq == 0 ? new Decision.Store() : rejected(new Rejection.SequenceGap(0, seq));
        }
        if (epoch < stateEpoch) {
            return rejected(new Rejection.StaleEpoch(stateEpoch));
        }
        if (epoch > stateEpoch) {
            return seq != 0 ? rejected(new Rejection.EpochNotBegunAtZero(epoch, seq)) : new Decision.Store();
        }
        if (seq <= lastSeq) {
            return duplicate(Ending.UP_TO_DATE, lastSeq);
        }
        return seq == lastSeq + 1 ? new Decision.Store() : rejected(new Rejection.SequenceGap(lastSeq + 1, seq));
    }

    private static Decision duplicate(Ending ending, long lastSeq) {
        return new Decision.Answer(new AppendOutcome.Duplicate(TAIL, ending, lastSeq));
    }

    private static Decision rejected(Rejection reason) {
        return new Decision.Answer(new AppendOutcome.Rejected(reason));
    }
}
