package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Refused;
import io.perennial.acceptance.Reply.Unknown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// What some clients asked and were told, and when, by the clock that all of them share.
final class History {
    private final List<Operation> operations = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong sequence = new AtomicLong();
    private volatile Milestone milestone = new Milestone(0, () -> {});

    private record Milestone(int answers, Runnable event) {}

    /// What happens as soon as there are so many answers, before whoever was given the last goes on.
    void whenAnswered(int count, Runnable event) {
        milestone = new Milestone(count, event);
    }

    /// Asks, and writes down what came of it.
    Reply ask(KeptLine line, String stream, Call call) {
        long invoked = System.nanoTime();
        try {
            Reply reply = new SpokenCall(stream, call).by(line);
            add(new Operation(stream, call, reply, invoked, System.nanoTime()));
            if (answers.incrementAndGet() == milestone.answers()) {
                milestone.event().run();
            }
            return reply;
        } catch (IOException e) {
            Reply nothing = new Unknown();
            add(new Operation(stream, call, nothing, invoked, Operation.NEVER));
            return nothing;
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
