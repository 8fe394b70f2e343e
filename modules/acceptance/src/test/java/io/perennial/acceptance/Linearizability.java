package io.perennial.acceptance;

import io.perennial.acceptance.StreamModel.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Whether there is an order of all operations of a history that explains it: in which each of them takes place as a
/// whole at one moment between its call and its return, and tells what [StreamModel] tells when they come one by one.
/// One that was not answered takes place at some moment after its call, or never.
///
/// A history of several streams has such an order where each of its streams has one (Herlihy and Wing,
/// "Linearizability: a correctness condition for concurrent objects", TOPLAS 1990, on locality), so each is looked at
/// alone. The search is that of Wing and Gong ("Testing and verifying concurrent objects", JPDC 1993): take any
/// operation that was called before the first return of those that are left, and go on from there; where it leads
/// nowhere, take another. A state with the same operations done that was looked at before is not looked at again (Lowe,
/// "Testing for linearizability", CCPE 2017). What is done is compared exactly, as the last one done by the order of
/// calls and those in front of it that aren't, and no hash stands for it.
///
/// The answer is exact, yes and no, under two conditions that the history has to meet: values are unique, and what was
/// appended without an answer and was seen by no read of the whole history did not take place. The second holds where
/// each life of a stream is read as a whole after it has been closed, and before it is deleted; and it is why the
/// offset of every event is known beforehand. The search is exponential at worst: after `mostStates` it gives up, and
/// says so.
final class Linearizability {
    sealed interface Verdict {
        record Linearizable(long states) implements Verdict {}

        record Broken(String why) implements Verdict {}

        record GaveUp(String stream, long states) implements Verdict {}
    }

    /// A call or a return in the order of time, in a list from which both of an operation are taken out when it is done
    /// and put back when that was wrong.
    private static final class Moment {
        final Operation operation;
        final int number;
        final List<Moment> returns = new ArrayList<>(1);
        final boolean isReturn;
        Moment previous = this;
        Moment next = this;

        Moment(Operation operation, int number, boolean isReturn) {
            this.operation = operation;
            this.number = number;
            this.isReturn = isReturn;
        }

        long nanos() {
            return isReturn ? operation.returnedNanos() : operation.invokedNanos();
        }

        void insertBefore(Moment other) {
            previous = other.previous;
            next = other;
            putBack();
        }

        private void putBack() {
            previous.next = this;
            next.previous = this;
        }

        private void takeOut() {
            previous.next = next;
            next.previous = previous;
        }

        void done() {
            takeOut();
            returns.forEach(Moment::takeOut);
        }

        void undone() {
            returns.reversed().forEach(Moment::putBack);
            putBack();
        }
    }

    /// Where the search has been.
    ///
    /// @param last the number of the last call that is done
    /// @param holes those in front of it that aren't
    private record Place(State state, int last, List<Integer> holes) {}

    private record Step(Moment call, State before, int lastBefore) {}

    private final StreamModel model;
    private final long mostStates;
    private final Moment frame;
    private final Set<Place> seen = new HashSet<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private int unreturned;
    private int farthest = -1;
    private String obstacle = "";

    private Linearizability(StreamModel model, List<Operation> history, long mostStates) {
        this.model = model;
        this.mostStates = mostStates;
        frame = new Moment(history.getFirst(), Integer.MAX_VALUE, false);
        List<Moment> moments = new ArrayList<>();
        List<Operation> inOrder = history.stream()
                .sorted(Comparator.comparingLong(Operation::invokedNanos))
                .toList();
        for (Operation operation : inOrder) {
            Moment call = new Moment(operation, moments.size(), false);
            moments.add(call);
            if (operation.isAnswered()) {
                Moment end = new Moment(operation, moments.size(), true);
                call.returns.add(end);
                moments.add(end);
                unreturned++;
            }
        }
        // At the same nanosecond they are concurrent.
        moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(moment -> moment.isReturn));
        moments.forEach(moment -> moment.insertBefore(frame));
    }

    static Verdict of(List<Operation> history, long mostStates) {
        Map<String, List<Operation>> streams =
                history.stream().collect(Collectors.groupingBy(Operation::stream, TreeMap::new, Collectors.toList()));
        long states = 0;
        for (List<Operation> stream : streams.values()) {
            Verdict verdict = ofOne(stream, mostStates);
            if (!(verdict instanceof Verdict.Linearizable(long more))) {
                return verdict;
            }
            states += more;
        }
        return new Verdict.Linearizable(states);
    }

    private static Verdict ofOne(List<Operation> stream, long mostStates) {
        Ends ends = Ends.of(stream);
        if (!ends.contradiction().isEmpty()) {
            return new Verdict.Broken(ends.contradiction());
        }
        List<Operation> effective = stream.stream().filter(ends::mayMatter).toList();
        return effective.isEmpty()
                ? new Verdict.Linearizable(0)
                : new Linearizability(new StreamModel(ends.all()), effective, mostStates).search();
    }

    private Verdict search() {
        State state = State.nothing();
        int last = -1;
        Moment moment = frame.next;
        while (unreturned > 0) {
            if (seen.size() > mostStates) {
                return new Verdict.GaveUp(frame.operation.stream(), seen.size());
            }
            Optional<State> after = moment.isReturn ? Optional.empty() : model.step(state, moment.operation);
            if (after.isPresent() && isNew(moment, after.get(), last)) {
                steps.push(new Step(moment, state, last));
                state = after.get();
                last = Math.max(last, moment.number);
                moment = frame.next;
            } else if (moment.isReturn) {
                note(moment, state);
                if (steps.isEmpty()) {
                    return new Verdict.Broken(obstacle);
                }
                Step wrong = steps.pop();
                put(wrong.call());
                state = wrong.before();
                last = wrong.lastBefore();
                moment = wrong.call().next;
            } else {
                moment = moment.next;
            }
        }
        return new Verdict.Linearizable(seen.size());
    }

    // Takes it out where that leads to a place where the search hasn't been.
    private boolean isNew(Moment call, State after, int last) {
        call.done();
        int lastNow = Math.max(last, call.number);
        List<Integer> holes = new ArrayList<>();
        for (Moment left = frame.next; left.isReturn || left.number < lastNow; left = left.next) {
            if (!left.isReturn) {
                holes.add(left.number);
            }
        }
        if (!seen.add(new Place(after, lastNow, List.copyOf(holes)))) {
            call.undone();
            return false;
        }
        unreturned -= call.returns.size();
        return true;
    }

    private void put(Moment call) {
        call.undone();
        unreturned += call.returns.size();
    }

    // The farthest that any order came is where somebody has to look.
    private void note(Moment end, State state) {
        if (steps.size() > farthest) {
            farthest = steps.size();
            StringBuilder text = new StringBuilder("no order explains " + end.operation + "\nwhere the stream is "
                    + state + " after " + farthest + " operations, and these are open:");
            for (Moment open = frame.next; open != end; open = open.next) {
                text.append("\n  ").append(open.operation);
            }
            obstacle = text.toString();
        }
    }
}
