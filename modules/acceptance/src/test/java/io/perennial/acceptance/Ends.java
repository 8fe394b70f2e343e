package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the events of a history are, by what anybody was told: the next offset after each.
///
/// @param contradiction what two were told differently; empty where all agree
record Ends(Map<String, String> all, String contradiction) {
    static Ends of(List<Operation> history) {
        Map<String, String> ends = new HashMap<>();
        for (Operation operation : history) {
            if (operation.reply() instanceof Page page) {
                for (Event event : page.events()) {
                    String other = event.end().isEmpty() ? "" : put(ends, event.value(), event.end());
                    if (!other.isEmpty()) {
                        return new Ends(ends, event.value() + " is at " + other + " and at " + event.end());
                    }
                }
            }
        }
        for (Operation operation : history) {
            if (operation.call() instanceof Append append
                    && operation.reply() instanceof Done(String next, boolean _)
                    && !append.values().isEmpty()) {
                String value = append.values().getLast();
                String other = put(ends, value, next);
                if (!other.isEmpty()) {
                    return new Ends(ends, value + " was acknowledged at " + next + " and is at " + other);
                }
                // Those that nobody saw are in front of it, and where exactly makes no difference.
                append.values().forEach(unseen -> ends.putIfAbsent(unseen, next));
            }
        }
        return new Ends(ends, "");
    }

    private static String put(Map<String, String> ends, String value, String end) {
        String other = ends.putIfAbsent(value, end);
        return other == null || other.equals(end) ? "" : other;
    }

    /// Whether it may have had an effect: who asked and heard nothing changed nothing, and what was appended without an
    /// answer took place only where it was seen, as a whole.
    boolean mayMatter(Operation operation) {
        if (operation.isAnswered()) {
            return true;
        }
        return switch (operation.call()) {
            case Call.Read _, Call.Head _ -> false;
            case Append append -> append.values().stream().allMatch(all::containsKey);
            case Call.Create _, Call.Delete _ -> true;
        };
    }
}
