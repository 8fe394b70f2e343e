package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Refused;
import io.perennial.acceptance.Reply.Unknown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// What some clients asked and were told, and when, by the clock that all of them share.
final class History {
    private final List<Operation> operations = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.NEVER);

    private record Turn(int answers, Predicate<Operation> at, Runnable event) {
        static final Turn NEVER = new Turn(Integer.MAX_VALUE, _ -> false, () -> {});

        boolean hasCome(int count, Operation operation) {
            return count >= answers && at.test(operation);
        }
    }

    /// What happens once, after so many answers, as soon as there is one like this, and before whoever was given it
    /// goes on.
    void turnAt(int count, Predicate<Operation> answer, Runnable event) {
        turn.set(new Turn(count, answer, event));
    }

    /// Whether somebody sees what nobody was told yet that it is done.
    boolean isAhead(Operation operation) {
        String told = acknowledged.getOrDefault(operation.stream(), "");
        return switch (operation.reply()) {
            case Done(String next, boolean _) -> operation.call() instanceof Call.Head && next.compareTo(told) > 0;
            case Page page -> page.next().compareTo(told) > 0;
            case Reply.Again _, Refused _, Reply.Absent _, Unknown _ -> false;
        };
    }

    /// Asks, and writes down what came of it.
    Reply ask(KeptLine line, String stream, Call call) {
        long invoked = System.nanoTime();
        try {
            Reply reply = new SpokenCall(stream, call).by(line);
            answered(new Operation(stream, call, reply, invoked, System.nanoTime()));
            return reply;
        } catch (IOException e) {
            Reply nothing = new Unknown();
            add(new Operation(stream, call, nothing, invoked, Operation.NEVER));
            return nothing;
        }
    }

    private void answered(Operation operation) {
        add(operation);
        Turn next = turn.get();
        if (next.hasCome(answers.incrementAndGet(), operation) && turn.compareAndSet(next, Turn.NEVER)) {
            next.event().run();
        }
        if (operation.call() instanceof Append && operation.reply() instanceof Done(String told, boolean _)) {
            acknowledged.merge(operation.stream(), told, (one, other) -> one.compareTo(other) > 0 ? one : other);
        }
    }

    private synchronized void add(Operation operation) {
        operations.add(operation);
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    /// Greater than any before, if nobody who has one dawdles.
    String nextInSequence() {
        return "%012d".formatted(sequence.incrementAndGet());
    }

    int answers() {
        return answers.get();
    }

    private long count(Predicate<Operation> which) {
        return operations().stream().filter(which).count();
    }

    @Override
    public String toString() {
        long read = operations().stream()
                .map(Operation::reply)
                .mapToLong(reply -> reply instanceof Page page ? page.events().size() : 0)
                .sum();
        return operations().size() + " operations ("
                + count(operation -> operation.call() instanceof Append && operation.reply() instanceof Done)
                + " appends acknowledged, "
                + count(operation -> operation.reply() instanceof Page) + " pages with " + read + " events, "
                + count(operation -> operation.reply() instanceof Reply.Again) + " repetitions, "
                + count(operation -> operation.reply() instanceof Refused) + " refused, "
                + count(operation -> operation.call() instanceof Call.Delete && operation.reply() instanceof Done)
                + " lives ended, "
                + count(operation -> !operation.isAnswered()) + " without an answer)";
    }
}
