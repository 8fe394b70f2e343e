package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Linearizability.Verdict;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A history by hand, of one stream. A value's next offset is its last two digits: `a20` ends at 20.
final class WrittenHistory {
    private static final long MOST_STATES = 10_000;

    private final List<Operation> operations = new ArrayList<>();

    /// Of a stream that is there, and empty.
    static WrittenHistory begun() {
        return new WrittenHistory().created(0, 1, "10");
    }

    WrittenHistory with(long from, long to, Call call, Reply reply) {
        operations.add(new Operation("s", call, reply, from, to));
        return this;
    }

    /// Never answered.
    WrittenHistory unanswered(long from, Call call) {
        return with(from, Operation.NEVER, call, new Reply.Unknown());
    }

    WrittenHistory created(long from, long to, String tail) {
        return with(from, to, new Call.Create(), new Done(tail, false));
    }

    WrittenHistory deleted(long from, long to) {
        return with(from, to, new Call.Delete(), new Done("", false));
    }

    WrittenHistory appended(long from, long to, String... values) {
        return with(from, to, append(values), done(values));
    }

    WrittenHistory closed(long from, long to, String tail) {
        return with(from, to, append().closing(), new Done(tail, true));
    }

    /// A read to the tail, of a stream that is open.
    WrittenHistory read(long from, long to, String offset, String... values) {
        return with(from, to, new Call.Read(Face.SESSION, offset), page(true, false, values));
    }

    WrittenHistory head(long from, long to, String tail) {
        return with(from, to, new Call.Head(), new Done(tail, false));
    }

    static Append append(String... values) {
        return Append.of(Face.STREAM, values);
    }

    static Done done(String... values) {
        return new Done(end(values[values.length - 1]), false);
    }

    static Page page(boolean upToDate, boolean closed, String... values) {
        List<Event> events =
                Arrays.stream(values).map(value -> new Event(value, end(value))).toList();
        return new Page(events, events.getLast().end(), upToDate, closed);
    }

    private static String end(String value) {
        return value.substring(value.length() - 2);
    }

    Verdict verdict() {
        return verdict(MOST_STATES);
    }

    Verdict verdict(long mostStates) {
        return Linearizability.of(operations, mostStates);
    }
}
