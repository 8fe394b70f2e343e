package io.perennial.eventstore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Streams and their forks in memory. A fork copies what it inherits: too simple to be wrong.
final class ForkModel {
    private final Map<String, Life> lives = new HashMap<>();

    /// An event as a stream has it.
    ///
    /// @param append the same for those that came with one append
    record Held(Offset offset, String data, int append) {}

    /// What a creation comes to that finds no stream of its name.
    sealed interface Begin {
        record With(List<Held> inherited, Optional<Life> source, Lifetime lifetime, ContentType type)
                implements Begin {}

        record Refused(CreateOutcome outcome) implements Begin {}
    }

    /// A stream from its creation to its end.
    static final class Life {
        final StreamInfo born;
        final Optional<Life> source;
        final Optional<Offset> anchor;
        final long subOffset;
        final List<Held> events;
        final Set<Offset> own = new HashSet<>();
        Optional<String> writerSeq = Optional.empty();
        boolean isClosed;
        boolean isKept;
        long touchedMillis;
        int forks;

        Life(StreamInfo born, Begin.With begin, Create create, long nowMillis) {
            this.born = born;
            this.source = begin.source();
            this.events = new ArrayList<>(begin.inherited());
            this.anchor = create.origin() instanceof Create.Fork fork
                    ? Optional.of(anchor(begin.source().orElseThrow(), fork))
                    : Optional.empty();
            this.subOffset = create.origin() instanceof Create.Fork fork ? fork.subOffset() : 0;
            this.isClosed = create.closing() == Append.Closing.CLOSE;
            this.touchedMillis = nowMillis;
        }

        String name() {
            return born.key().path();
        }

        Offset tail() {
            return events.isEmpty() ? born.created() : events.getLast().offset().next();
        }

        Ending ending() {
            return isClosed ? Ending.CLOSED : Ending.UP_TO_DATE;
        }

        StreamInfo info() {
            return new StreamInfo(
                    born.key(),
                    born.created(),
                    born.contentType(),
                    tail(),
                    ending(),
                    born.lifetime(),
                    born.retention());
        }

        boolean isExpired(Instant now) {
            return switch (born.lifetime()) {
                case Lifetime.Unlimited _ -> false;
                case Lifetime.Sliding(long seconds) -> now.toEpochMilli() >= touchedMillis + seconds * 1_000;
                case Lifetime.Until(Instant end) -> !now.isBefore(end);
            };
        }

        List<Held> from(Offset begin) {
            return events.stream()
                    .filter(event -> !event.offset().isBefore(begin))
                    .toList();
        }

        void add(List<Held> more) {
            events.addAll(more);
            more.forEach(event -> own.add(event.offset()));
        }
    }

    List<Life> all() {
        return List.copyOf(lives.values());
    }

    List<Life> alive() {
        return lives.values().stream().filter(life -> !life.isKept).toList();
    }

    Optional<Life> find(String name) {
        return Optional.ofNullable(lives.get(name));
    }

    void add(Life life) {
        lives.put(life.name(), life);
        life.source.ifPresent(source -> source.forks++);
    }

    /// Deletes a stream: it is kept where it has forks, and those go with it that were kept for it alone.
    void remove(Life life) {
        life.isKept = life.forks > 0;
        if (!life.isKept) {
            lives.remove(life.name());
            life.source.ifPresent(source -> {
                source.forks--;
                if (source.isKept) {
                    remove(source);
                }
            });
        }
    }

    /// What a creation is answered that finds a stream of its name, but for what it is that differs.
    CreateOutcome found(Life life, Create create) {
        if (life.isKept) {
            return new CreateOutcome.Blocked();
        }
        boolean inherits =
                create.origin() instanceof Create.Fork && create.lifetime().equals(Lifetime.UNLIMITED);
        boolean isAsAsked = hasOriginOf(life, create.origin())
                && (inherits || create.lifetime().equals(life.born.lifetime()))
                && life.isClosed == (create.closing() == Append.Closing.CLOSE);
        return isAsAsked
                ? new CreateOutcome.Existing(life.info())
                : new CreateOutcome.Differs(CreateOutcome.Difference.ORIGIN);
    }

    private boolean hasOriginOf(Life life, Create.Origin origin) {
        return switch (origin) {
            case Create.Fresh(ContentType type) -> life.source.isEmpty() && type.equals(life.born.contentType());
            case Create.Fork fork ->
                life.source.isPresent()
                        && life.source.equals(find(fork.source().path()))
                        && fork.subOffset() == life.subOffset
                        && (fork.at() instanceof ReadFrom.Tail
                                || life.anchor.equals(Optional.of(anchor(life.source.get(), fork))));
        };
    }

    /// What a creation comes to that finds no stream of its name.
    Begin begin(Create create) {
        return switch (create.origin()) {
            case Create.Fresh(ContentType type) -> new Begin.With(List.of(), Optional.empty(), create.lifetime(), type);
            case Create.Fork fork ->
                find(fork.source().path())
                        .map(source -> begin(source, fork, create.lifetime()))
                        .orElseGet(() -> new Begin.Refused(new CreateOutcome.SourceAbsent()));
        };
    }

    private static Begin begin(Life source, Create.Fork fork, Lifetime asked) {
        if (source.isKept) {
            return new Begin.Refused(new CreateOutcome.SourceSoftDeleted());
        }
        Offset anchor = anchor(source, fork);
        if (source.tail().isBefore(anchor)) {
            return new Begin.Refused(new CreateOutcome.BeyondTail(source.tail()));
        }
        List<Held> behind = source.from(anchor);
        boolean isJson = source.born.contentType().equals(ContentType.JSON);
        long most = behind.isEmpty()
                ? 0
                : isJson ? restOfTheAppend(behind) : behind.getFirst().data().length();
        if (fork.subOffset() > most) {
            return new Begin.Refused(new CreateOutcome.BeyondAppend(most));
        }
        List<Held> inherited = new ArrayList<>(source.events.subList(0, source.events.size() - behind.size()));
        int sub = (int) fork.subOffset();
        if (isJson) {
            inherited.addAll(behind.subList(0, sub));
        } else if (sub > 0) {
            Held cut = behind.getFirst();
            inherited.add(new Held(cut.offset(), cut.data().substring(0, sub), cut.append()));
        }
        Lifetime lifetime = asked.equals(Lifetime.UNLIMITED) ? source.born.lifetime() : asked;
        return new Begin.With(inherited, Optional.of(source), lifetime, source.born.contentType());
    }

    private static long restOfTheAppend(List<Held> behind) {
        int append = behind.getFirst().append();
        return behind.stream().takeWhile(event -> event.append() == append).count();
    }

    static Offset anchor(Life source, Create.Fork fork) {
        return switch (fork.at()) {
            case ReadFrom.Start _ -> Offset.LEAST;
            case ReadFrom.At(Offset offset) -> offset;
            case ReadFrom.Tail _ -> source.tail();
            case ReadFrom.Last _ -> throw new IllegalArgumentException("no fork is made of the last events");
        };
    }
}
