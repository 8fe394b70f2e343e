package io.perennial.acceptance;

import io.perennial.acceptance.Ask.Offsets;
import io.perennial.acceptance.Life.Item;
import io.perennial.acceptance.Sight.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// What one writer asks next: anything that can be asked of a stream, at random, and never what it can't know the
/// outcome of.
final class Asks {
    private static final int MOST_TOGETHER = 20;
    /// What makes some texts long.
    static final String FILLER = "~";

    private static final int LONGEST = 2_000;
    private static final List<Kind> KINDS =
            List.of(Kind.PLAIN, Kind.PLAIN, Kind.LASTING, Kind.SHORT_LIVED, Kind.RETAINED, Kind.RETAINED);

    private final String writer;
    private final String shared;
    private final List<String> names;
    private final Random random;
    private int said;

    /// @param shared a stream that others append to, too
    /// @param names those that are the writer's alone
    Asks(String writer, String shared, List<String> names, Random random) {
        this.writer = writer;
        this.shared = shared;
        this.names = names;
        this.random = random;
    }

    Ask next(Lives lives) {
        if (random.nextInt(4) == 0) {
            return append(shared, lives.at(shared).orElseThrow());
        }
        String name = names.get(random.nextInt(names.size()));
        if (lives.at(name).filter(life -> life.kind().isShortLived()).isPresent() && random.nextInt(4) > 0) {
            // Left alone, or it would live for ever.
            return append(shared, lives.at(shared).orElseThrow());
        }
        return lives.at(name)
                .map(life -> switch (life.standing()) {
                    case OPEN -> toOpen(name, life, lives);
                    case CLOSED -> toClosed(name, life, lives);
                    case GONE ->
                        random.nextInt(8) == 0 ? create(name, Kind.PLAIN, 409, List.of(), Ask.NOTHING) : next(lives);
                    case ABSENT -> throw new IllegalStateException(name);
                })
                .orElseGet(() -> create(name, lives));
    }

    private Ask toOpen(String name, Life life, Lives lives) {
        int whim = random.nextInt(100);
        if (whim < 3) {
            return delete(name, lives);
        }
        if (whim < 6) {
            return close(name, life);
        }
        return whim < 9 && life.nextSeq() > 0 ? repetition(name, life) : append(name, life);
    }

    private Ask toClosed(String name, Life life, Lives lives) {
        return switch (random.nextInt(3)) {
            case 0 -> delete(name, lives);
            case 1 ->
                new Ask(
                        "POST",
                        name,
                        "",
                        List.of("Stream-Closed", "true"),
                        204,
                        List.of(204),
                        Ask.NOTHING,
                        Offsets.OLD);
            default -> {
                List<String> texts = texts(life.kind());
                yield new Ask(
                        "POST", name, json(texts), Kind.PLAIN.headers(), 409, List.of(), Ask.NOTHING, Offsets.OLD);
            }
        };
    }

    private Ask append(String name, Life life) {
        List<String> texts = texts(life.kind());
        return random.nextBoolean()
                ? new Ask(
                        "POST",
                        name,
                        json(texts),
                        Kind.PLAIN.headers(),
                        204,
                        List.of(),
                        (lives, next) -> lives.with(name, now -> now.appended(texts, next)),
                        Offsets.NEW)
                : new Ask(
                        "POST",
                        name,
                        json(texts),
                        numbered(life.nextSeq()),
                        200,
                        List.of(204),
                        (lives, next) -> lives.with(
                                name, now -> now.appended(texts, next).numbered()),
                        Offsets.NEW);
    }

    // Something that is done already, and stays done once.
    private Ask repetition(String name, Life life) {
        int seq = random.nextInt(life.nextSeq());
        return new Ask(
                "POST",
                name,
                json(List.of("never stored")),
                numbered(seq),
                204,
                List.of(204),
                Ask.NOTHING,
                Offsets.OLD);
    }

    private Ask close(String name, Life life) {
        List<String> texts = random.nextBoolean() ? List.of() : texts(life.kind());
        boolean isNumbered = random.nextBoolean();
        List<String> headers = new ArrayList<>(isNumbered ? numbered(life.nextSeq()) : Kind.PLAIN.headers());
        headers.addAll(List.of("Stream-Closed", "true"));
        Ask.Effect effect = (lives, next) -> lives.with(name, now -> {
            Life closed = (texts.isEmpty() ? now : now.appended(texts, next)).as(Standing.CLOSED);
            return isNumbered ? closed.numbered() : closed;
        });
        return new Ask(
                "POST",
                name,
                texts.isEmpty() ? "" : json(texts),
                headers,
                isNumbered && !texts.isEmpty() ? 200 : 204,
                isNumbered || texts.isEmpty() ? List.of(204) : List.of(),
                effect,
                texts.isEmpty() ? Offsets.OLD : Offsets.NEW);
    }

    private Ask delete(String name, Lives lives) {
        return new Ask(
                "DELETE",
                name,
                "",
                List.of(),
                204,
                List.of(lives.hasForks(name) ? 410 : 404),
                (now, _) -> now.without(name),
                Offsets.OLD);
    }

    private Ask create(String name, Lives lives) {
        List<String> sources = names.stream()
                .filter(other -> lives.at(other).filter(Asks::canBeForked).isPresent())
                .toList();
        if (!sources.isEmpty() && random.nextBoolean()) {
            String source = sources.get(random.nextInt(sources.size()));
            return fork(name, source, lives.at(source).orElseThrow());
        }
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        List<String> texts = random.nextBoolean() ? List.of() : texts(kind);
        return create(
                name,
                kind,
                201,
                texts,
                (now, next) -> now.with(name, Life.fresh(kind, Standing.OPEN).appended(texts, next)));
    }

    private static Ask create(String name, Kind kind, int done, List<String> texts, Ask.Effect effect) {
        return new Ask(
                "PUT",
                name,
                texts.isEmpty() ? "" : json(texts),
                kind.headers(),
                done,
                done == 201 ? List.of(200) : List.of(),
                effect,
                done == 201 ? Offsets.NEW : Offsets.OLD);
    }

    // Not one that may expire before.
    private static boolean canBeForked(Life life) {
        return life.standing() != Standing.GONE && !life.kind().isShortLived();
    }

    private Ask fork(String name, String source, Life life) {
        List<String> headers = new ArrayList<>(List.of("Stream-Forked-From", Sight.path(source)));
        List<Item> inherited = life.items();
        int anchor = random.nextInt(inherited.size() + 1);
        // Where retention drops events, a point in front of the tail may be gone.
        Optional<String> point = anchor == 0
                ? Optional.of("-1")
                : Optional.of(inherited.get(anchor - 1).next());
        if (life.kind().keepsAll() && random.nextInt(4) > 0 && !point.get().isEmpty()) {
            headers.addAll(List.of("Stream-Fork-Offset", point.get()));
            int behind = random.nextInt(together(inherited, anchor) + 1);
            if (behind > 0) {
                headers.addAll(List.of("Stream-Fork-Sub-Offset", Integer.toString(behind)));
            }
            inherited = inherited.subList(0, anchor + behind);
        }
        List<Item> prefix = List.copyOf(inherited);
        return new Ask(
                "PUT",
                name,
                "",
                headers,
                201,
                List.of(200),
                (lives, next) -> lives.with(name, life.fork(source, prefix).endingAt(next)),
                Offsets.OLD);
    }

    // How many from there on belong to one append.
    private static int together(List<Item> items, int from) {
        int end = from;
        while (end < items.size()
                && items.get(end).append().equals(items.get(from).append())) {
            end++;
        }
        return end - from;
    }

    private List<String> numbered(int seq) {
        return List.of(
                "Content-Type",
                "application/json",
                "Producer-Id",
                writer,
                "Producer-Epoch",
                "0",
                "Producer-Seq",
                Integer.toString(seq));
    }

    private List<String> texts(Kind kind) {
        int count = random.nextBoolean() ? 1 : random.nextInt(2, MOST_TOGETHER);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // A stream that is read while some of it is dropped shall fit a page.
            int longer = kind.keepsAll() && random.nextInt(10) == 0 ? random.nextInt(LONGEST) : 0;
            texts.add(writer + " " + said + FILLER.repeat(longer));
            said++;
        }
        return List.copyOf(texts);
    }

    // One message alone as it is: an array of one would be the same.
    private static String json(List<String> texts) {
        return texts.stream()
                .map(text -> "\"" + text + "\"")
                .collect(Collectors.joining(",", texts.size() == 1 ? "" : "[", texts.size() == 1 ? "" : "]"));
    }
}
