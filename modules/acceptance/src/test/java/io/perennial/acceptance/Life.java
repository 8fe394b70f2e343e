package io.perennial.acceptance;

import io.perennial.acceptance.Client.Stored;
import io.perennial.acceptance.Sight.Standing;
import java.util.ArrayList;
import java.util.List;

/// A stream from its creation to its deletion, as its one writer was told that it is.
///
/// @param items everything that was appended or inherited, also what retention may have dropped since
/// @param tail its next offset; empty where it wasn't told
/// @param source the stream that it is a fork of; empty for none
/// @param nextSeq what the writer's next append as a producer has for a number
/// @param writtenMillis the stream was written no earlier than that
/// @param touchedMillis nobody has written or read it later than that
record Life(
        Kind kind,
        List<Item> items,
        Standing standing,
        String tail,
        String source,
        int nextSeq,
        long writtenMillis,
        long touchedMillis) {

    /// @param append the same for all that were appended together
    /// @param next the offset behind it; empty where it isn't known
    record Item(String text, String append, String next) {
        private Item seen(Stored event) {
            return new Item(text, append, Ulid.after(event.offset()));
        }

        private boolean fits(Stored event) {
            return text.equals(Sight.text(event)) && (next.isEmpty() || next.equals(Ulid.after(event.offset())));
        }
    }

    static Life fresh(Kind kind, Standing standing) {
        return new Life(kind, List.of(), standing, "", "", 0, 0, 0);
    }

    /// What a fork begins with.
    Life fork(String path, List<Item> inherited) {
        return new Life(kind, inherited, Standing.OPEN, "", path, 0, 0, 0);
    }

    /// @param next what the answer says; empty where it was lost
    Life appended(List<String> texts, String next) {
        List<Item> all = new ArrayList<>(items);
        for (String text : texts) {
            all.add(new Item(text, texts.getFirst(), all.size() == items.size() + texts.size() - 1 ? next : ""));
        }
        return new Life(kind, List.copyOf(all), standing, next, source, nextSeq, writtenMillis, touchedMillis);
    }

    Life as(Standing standing) {
        return new Life(kind, items, standing, tail, source, nextSeq, writtenMillis, touchedMillis);
    }

    Life numbered() {
        return new Life(kind, items, standing, tail, source, nextSeq + 1, writtenMillis, touchedMillis);
    }

    Life endingAt(String tail) {
        return new Life(kind, items, standing, tail, source, nextSeq, writtenMillis, touchedMillis);
    }

    Life written(long fromMillis, long toMillis) {
        return new Life(kind, items, standing, tail, source, nextSeq, fromMillis, toMillis);
    }

    Life read(long millis) {
        return new Life(kind, items, standing, tail, source, nextSeq, writtenMillis, millis);
    }

    /// What is there for certain, however much retention has dropped.
    List<Item> certain() {
        return standing == Standing.GONE || kind.isShortLived()
                ? List.of()
                : items.subList(Math.max(0, items.size() - kind.kept()), items.size());
    }

    /// Whether no more than its bound is there before long. What a fork inherits isn't its own to count.
    boolean isBounded() {
        return !kind.keepsAll() && source.isEmpty() && standing != Standing.GONE;
    }

    /// Seen to be no more.
    Life expired() {
        return read(0);
    }

    boolean isSeenExpired() {
        return kind.isShortLived() && touchedMillis == 0;
    }

    boolean mayHaveExpired(long nowMillis) {
        return nowMillis >= writtenMillis + kind.ttlMillis();
    }

    boolean hasExpired(long nowMillis) {
        return nowMillis > touchedMillis + kind.ttlMillis();
    }

    /// Whether this is what is seen: all of it, once, in order and where it was said to be, and nothing else. Where
    /// retention drops the oldest, it has dropped no more than it may.
    boolean fits(Sight sight) {
        if (sight.standing() != standing) {
            return false;
        }
        boolean isOfItsKind = sight.kind().equals(kind) && (tail.isEmpty() || tail.equals(sight.tail()));
        return standing == Standing.GONE || (isOfItsKind && fits(sight.events()));
    }

    private boolean fits(List<Stored> seen) {
        int dropped = items.size() - seen.size();
        if (dropped < 0 || seen.size() < Math.min(items.size(), kind.kept())) {
            return false;
        }
        for (int i = 0; i < seen.size(); i++) {
            if (!items.get(dropped + i).fits(seen.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Takes the offsets over from what is seen, and fits it.
    Life seen(Sight sight) {
        if (standing == Standing.GONE) {
            return this;
        }
        int dropped = items.size() - sight.events().size();
        List<Item> all = new ArrayList<>(items.subList(0, dropped));
        for (int i = 0; i < sight.events().size(); i++) {
            all.add(items.get(dropped + i).seen(sight.events().get(i)));
        }
        return new Life(kind, List.copyOf(all), standing, sight.tail(), source, nextSeq, writtenMillis, touchedMillis);
    }

    @Override
    public String toString() {
        return standing + " " + kind + " fork of '" + source + "' up to '" + tail + "' next number " + nextSeq
                + " written " + writtenMillis + " touched " + touchedMillis + " " + items;
    }
}
