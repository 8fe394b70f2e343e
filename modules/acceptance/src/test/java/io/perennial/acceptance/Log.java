package io.perennial.acceptance;

import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A stream's events from its creation to here, and what it was before that. Immutable.
///
/// The same events after the same ones are the same object, so that two orders of a history that come to the same log
/// are known for the same by looking at one address.
final class Log {
    private static final String UNKNOWN = "";

    /// The log in front of this event; of a life that has just begun, the last one of the life before.
    private final Log before;

    private final String value;
    private final String end;
    private final int length;
    private final boolean isGuess;
    private final Map<String, Integer> producers;
    private final String streamSeq;
    private final Map<String, Log> following = new HashMap<>();

    private Log(
            Log before,
            String value,
            String end,
            int length,
            boolean isGuess,
            Map<String, Integer> producers,
            String streamSeq) {
        this.before = before;
        this.value = value;
        this.end = end;
        this.length = length;
        this.isGuess = isGuess;
        this.producers = producers;
        this.streamSeq = streamSeq;
    }

    private Log() {
        before = this;
        value = "";
        end = "";
        length = 0;
        isGuess = true;
        producers = Map.of();
        streamSeq = "";
    }

    /// Nothing, ever.
    static Log none() {
        return new Log();
    }

    /// A new life whose tail nobody knows yet; it isn't before the tail of this one.
    Log reborn() {
        return reborn(UNKNOWN);
    }

    private Log reborn(String tail) {
        boolean isUnknown = tail.equals(UNKNOWN);
        return following.computeIfAbsent(
                "reborn " + tail, _ -> new Log(this, "", isUnknown ? end : tail, 0, isUnknown, Map.of(), ""));
    }

    /// This log where its tail is that one. Of a life that has just begun any tail will do, and is the only one from
    /// then on.
    Optional<Log> endingAt(String tail) {
        if (isGuess) {
            return tail.compareTo(end) >= 0 ? Optional.of(before.reborn(tail)) : Optional.empty();
        }
        return end.equals(tail) ? Optional.of(this) : Optional.empty();
    }

    /// With these events, where their offsets are beyond the tail.
    Optional<Log> then(List<Event> events, Call.Append by) {
        Log log = this;
        for (Event event : events) {
            // All messages of a batch that nobody saw are taken to be where it ends.
            boolean isBeyond = event.end().compareTo(log.end) > 0
                    || (log != this && event.end().equals(log.end));
            if (!isBeyond) {
                return Optional.empty();
            }
            log = log.then(event, by);
        }
        return Optional.of(log);
    }

    private Log then(Event event, Call.Append by) {
        return following.computeIfAbsent(
                "event " + event.value(),
                _ -> new Log(
                        this,
                        event.value(),
                        event.end(),
                        length + 1,
                        false,
                        by.producer().isEmpty() ? producers : numbered(by),
                        by.streamSeq().isEmpty() ? streamSeq : by.streamSeq()));
    }

    private Map<String, Integer> numbered(Call.Append by) {
        Map<String, Integer> numbers = new HashMap<>(producers);
        numbers.put(by.producer(), by.seq());
        return Map.copyOf(numbers);
    }

    int nextSeq(String producer) {
        return producers.getOrDefault(producer, -1) + 1;
    }

    String streamSeq() {
        return streamSeq;
    }

    String tail() {
        return end;
    }

    /// Whether a page from there on looks like this: it begins with the first event from there on, leaves nothing out,
    /// and ends at the tail exactly where it says so.
    boolean shows(String from, Page page) {
        Log last = page.upToDate() || page.events().isEmpty()
                ? this
                : upTo(page.events().getLast().value());
        Log log = last;
        for (Iterator<Event> events = page.events().reversed().iterator(); events.hasNext(); log = log.before) {
            Event event = events.next();
            boolean isThere = log.length > 0 && log.value.equals(event.value()) && log.isBehind(from);
            if (!isThere || !(event.end().isEmpty() || event.end().equals(log.end))) {
                return false;
            }
        }
        boolean isWhole = log.length == 0 || !log.isBehind(from);
        return isWhole
                && (page.upToDate() ? last == this : last != this && page.next().equals(last.end));
    }

    private boolean isBehind(String from) {
        return switch (from) {
            case "-1" -> true;
            case "now" -> false;
            default -> end.compareTo(from) > 0;
        };
    }

    private Log upTo(String last) {
        Log log = this;
        while (log.length > 0 && !log.value.equals(last)) {
            log = log.before;
        }
        return log;
    }

    @Override
    public String toString() {
        return length + " events, the last is " + value + ", tail " + end;
    }
}
