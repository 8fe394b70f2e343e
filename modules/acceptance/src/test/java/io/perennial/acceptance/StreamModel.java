package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Reply.Absent;
import io.perennial.acceptance.Reply.Again;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Reason;
import io.perennial.acceptance.Reply.Refused;
import io.perennial.acceptance.Reply.Unknown;
import io.perennial.acceptance.Sight.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a stream is for somebody who is alone with it: a log that only grows, can be closed, and can be deleted and
/// begun anew.
///
/// @param ends the next offset after each event, as far as anybody was told
record StreamModel(Map<String, String> ends) {
    /// Where it stands.
    ///
    /// @param log of a stream that isn't there, the one of its last life
    record State(Log log, Standing standing) {
        static State nothing() {
            return new State(Log.none(), Standing.ABSENT);
        }

        private Optional<State> at(String tail) {
            return log.endingAt(tail).map(same -> new State(same, standing));
        }

        private State reborn() {
            return new State(log.reborn(), Standing.OPEN);
        }

        private boolean isClosed() {
            return standing == Standing.CLOSED;
        }
    }

    private static final Page UNKNOWN_SESSION = new Page(List.of(), "-1", true, false);

    /// The state after it, where it could have been told this in that one.
    Optional<State> step(State state, Operation operation) {
        Reply reply = operation.reply();
        return switch (operation.call()) {
            case Append append -> append(state, append, reply);
            case Call.Read read -> read(state, read, reply);
            case Call.Head _ -> head(state, reply);
            case Call.Create _ -> create(state, reply);
            case Call.Delete _ -> delete(state, reply);
        };
    }

    private Optional<State> append(State state, Append append, Reply reply) {
        return switch (state.standing()) {
            case ABSENT, GONE -> toAbsent(state, append, reply);
            case OPEN -> toOpen(state, state, append, reply);
            case CLOSED -> toClosed(state, append, reply);
        };
    }

    private Optional<State> toAbsent(State state, Append append, Reply reply) {
        return append.face() == Face.SESSION
                ? toOpen(state, state.reborn(), append, reply)
                : unchanged(state, reply, reply instanceof Absent);
    }

    private static Optional<State> toClosed(State state, Append append, Reply reply) {
        if (append.values().isEmpty()) {
            return reply instanceof Done(String next, boolean closed) && closed
                    ? state.at(next)
                    : unchanged(state, reply, false);
        }
        return reply instanceof Refused(Reason reason, String tail) && reason == Reason.CLOSED
                ? state.at(tail)
                : unchanged(state, reply, false);
    }

    // An append that is refused makes no stream either.
    private Optional<State> toOpen(State before, State state, Append append, Reply reply) {
        Log log = state.log();
        if (!append.producer().isEmpty()) {
            int nextSeq = log.nextSeq(append.producer());
            if (append.seq() < nextSeq) {
                return reply instanceof Again(String tail, boolean closed) && !closed
                        ? state.at(tail)
                        : unchanged(before, reply, false);
            }
            if (append.seq() > nextSeq) {
                return unchanged(before, reply, reply.equals(new Refused(Reason.GAP, Integer.toString(nextSeq))));
            }
        }
        boolean isRegress = !append.streamSeq().isEmpty() && append.streamSeq().compareTo(log.streamSeq()) <= 0;
        return isRegress
                ? unchanged(before, reply, reply.equals(new Refused(Reason.REGRESSED, "")))
                : store(state, append, reply);
    }

    private Optional<State> store(State state, Append append, Reply reply) {
        List<Event> events = new ArrayList<>();
        for (String value : append.values()) {
            String end = ends.get(value);
            if (end == null) {
                return Optional.empty();
            }
            events.add(new Event(value, end));
        }
        Standing standing = append.closes() ? Standing.CLOSED : Standing.OPEN;
        Optional<State> after = state.log().then(events, append).map(log -> new State(log, standing));
        return switch (reply) {
            case Done(String next, boolean closed)
            when closed == append.closes() -> after.flatMap(grown -> grown.at(next));
            case Unknown _ -> after;
            default -> Optional.empty();
        };
    }

    private static Optional<State> read(State state, Call.Read read, Reply reply) {
        if (state.standing() == Standing.ABSENT) {
            return unchanged(
                    state,
                    reply,
                    read.face() == Face.SESSION ? reply.equals(UNKNOWN_SESSION) : reply instanceof Absent);
        }
        if (reply instanceof Page page && state.log().shows(read.from(), page)) {
            boolean isClosed = page.upToDate() && state.isClosed();
            if (page.closed() == isClosed) {
                return page.upToDate() ? state.at(page.next()) : Optional.of(state);
            }
        }
        return unchanged(state, reply, false);
    }

    private static Optional<State> head(State state, Reply reply) {
        if (state.standing() == Standing.ABSENT) {
            return unchanged(state, reply, reply instanceof Absent);
        }
        return reply instanceof Done(String next, boolean closed) && closed == state.isClosed()
                ? state.at(next)
                : unchanged(state, reply, false);
    }

    private static Optional<State> create(State state, Reply reply) {
        return switch (state.standing()) {
            case ABSENT, GONE ->
                switch (reply) {
                    case Done(String next, boolean closed)
                    when !closed -> state.reborn().at(next);
                    case Unknown _ -> Optional.of(state.reborn());
                    default -> Optional.empty();
                };
            case OPEN ->
                reply instanceof Again(String tail, boolean closed) && !closed
                        ? state.at(tail)
                        : unchanged(state, reply, false);
            case CLOSED -> unchanged(state, reply, reply.equals(new Refused(Reason.CLOSED, "")));
        };
    }

    private static Optional<State> delete(State state, Reply reply) {
        if (state.standing() == Standing.ABSENT) {
            return unchanged(state, reply, reply instanceof Absent);
        }
        return unchanged(new State(state.log(), Standing.ABSENT), reply, reply instanceof Done);
    }

    private static Optional<State> unchanged(State state, Reply reply, boolean isSo) {
        return isSo || reply instanceof Unknown ? Optional.of(state) : Optional.empty();
    }
}
