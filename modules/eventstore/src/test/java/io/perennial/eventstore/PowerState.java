package io.perennial.eventstore;

import io.perennial.eventstore.Append.Closing;
import io.perennial.eventstore.Producer.Idempotent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the streams of one client hold after some of its steps. Immutable.
record PowerState(Map<String, Held> streams) {
    static final PowerState EMPTY = new PowerState(Map.of());

    /// What a client asks for, all of which is to be accepted.
    sealed interface Step {
        record Creating(Create create) implements Step {}

        record Appending(Append append) implements Step {}

        record Deleting(String stream) implements Step {}
    }

    /// A stream.
    ///
    /// @param events what it holds but for what retention dropped
    /// @param most how many of these are kept
    /// @param isKept whether it was deleted, and is there only for its forks
    /// @param last the last append of each producer
    record Held(
            List<String> events,
            int most,
            Optional<String> source,
            boolean isClosed,
            boolean isKept,
            Map<String, Append> last) {
        Held {
            events = List.copyOf(events);
            last = Map.copyOf(last);
        }

        boolean isOpen() {
            return !isClosed && !isKept;
        }

        boolean isTrimmed() {
            return most < Integer.MAX_VALUE;
        }

        Optional<Idempotent> known(String producer) {
            return Optional.ofNullable(last.get(producer)).map(append -> (Idempotent) append.producer());
        }

        Held kept() {
            return new Held(events, most, source, isClosed, true, last);
        }

        /// Whether it may hold these events: retention drops the first ones at some time.
        boolean mayHold(List<String> actual) {
            int dropped = events.size() - actual.size();
            return dropped >= 0
                    && (dropped == 0 || actual.size() >= most)
                    && actual.equals(events.subList(dropped, events.size()));
        }
    }

    PowerState {
        streams = Map.copyOf(streams);
    }

    PowerState after(Step step) {
        return switch (step) {
            case Step.Creating(Create create) -> with(create.stream().path(), created(create));
            case Step.Appending(Append append) ->
                isRepeated(append) ? this : with(append.stream().path(), appended(append));
            case Step.Deleting(String stream) -> without(stream);
        };
    }

    Optional<Held> find(String stream) {
        return Optional.ofNullable(streams.get(stream));
    }

    Held held(String stream) {
        return find(stream).orElseThrow();
    }

    private PowerState with(String stream, Held held) {
        Map<String, Held> changed = new TreeMap<>(streams);
        changed.put(stream, held);
        return new PowerState(changed);
    }

    private Held created(Create create) {
        List<String> events = new ArrayList<>();
        Optional<String> source = Optional.empty();
        if (create.origin() instanceof Create.Fork fork) {
            List<String> inherited = held(fork.source().path()).events();
            source = Optional.of(fork.source().path());
            events.addAll(
                    fork.at() instanceof ReadFrom.Tail ? inherited : inherited.subList(0, (int) fork.subOffset()));
        }
        events.addAll(texts(create.events()));
        int most = (int) Math.min(Integer.MAX_VALUE, create.retention().events());
        return new Held(events, most, source, create.closing() == Closing.CLOSE, false, Map.of());
    }

    private boolean isRepeated(Append append) {
        return append.producer() instanceof Idempotent(String id, long epoch, long seq)
                && find(append.stream().path())
                        .flatMap(held -> held.known(id))
                        .filter(known -> epoch == known.epoch() && seq <= known.seq())
                        .isPresent();
    }

    private Held appended(Append append) {
        Held before = find(append.stream().path())
                .orElse(new Held(List.of(), Integer.MAX_VALUE, Optional.empty(), false, false, Map.of()));
        List<String> events = new ArrayList<>(before.events());
        events.addAll(texts(append.events()));
        Map<String, Append> last = new TreeMap<>(before.last());
        if (append.producer() instanceof Idempotent producer) {
            last.put(producer.id(), append);
        }
        return new Held(events, before.most(), before.source(), append.closing() == Closing.CLOSE, false, last);
    }

    private PowerState without(String stream) {
        Held held = held(stream);
        if (isForked(stream)) {
            return with(stream, held.kept());
        }
        Map<String, Held> changed = new TreeMap<>(streams);
        changed.remove(stream);
        PowerState rest = new PowerState(changed);
        return held.source()
                .filter(source -> rest.held(source).isKept())
                .map(rest::without)
                .orElse(rest);
    }

    private boolean isForked(String stream) {
        return streams.values().stream().anyMatch(held -> held.source().equals(Optional.of(stream)));
    }

    static List<String> texts(List<byte[]> events) {
        return events.stream().map(PowerState::text).toList();
    }

    static String text(byte[] event) {
        return new String(event, StandardCharsets.UTF_8);
    }
}
