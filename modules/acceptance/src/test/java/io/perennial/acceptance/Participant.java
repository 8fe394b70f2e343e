package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Reply.Again;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Unknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// One of several clients that append to the same streams and read them, without knowing of each other.
final class Participant {
    private static final int MOST_TOGETHER = 6;
    private static final int MOST_PAGES = 4;
    private static final int LIVES = 300;
    /// What it remembers of the offsets that it was given.
    private static final int OFFSETS = 40;
    /// Some events are longer than others, so that pages end anywhere.
    private static final String FILLER = "~";

    private static final int LONGEST = 200;

    private final String name;
    private final List<CommonStream> streams;
    private final History history;
    private final Random random;
    private final List<NumberedAppends> numbered;
    private final List<String> offsets = new ArrayList<>(List.of("-1"));
    private int said;

    Participant(String name, List<CommonStream> streams, History history, Random random) {
        this.name = name;
        this.streams = streams;
        this.history = history;
        this.random = random;
        numbered = IntStream.range(0, streams.size())
                .mapToObj(i -> new NumberedAppends(name + "-" + i))
                .toList();
    }

    /// Asks one thing after another.
    ///
    /// @param line what may lose an answer now and then
    /// @param direct what loses none but the last ones of a server that is killed
    Participant run(KeptLine line, KeptLine direct, BooleanSupplier isOver) {
        while (!isOver.getAsBoolean()) {
            int chosen = random.nextInt(streams.size());
            CommonStream stream = streams.get(chosen);
            if (random.nextInt(LIVES) == 0) {
                stream.beginAnew(history, direct, random.nextBoolean() ? List.of() : values(1));
                continue;
            }
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> {
                    noted(ask(line, stream, append()));
                    lookAtOnce(line, stream);
                }
                case 3 -> number(line, stream, numbered.get(chosen));
                case 4, 5 -> ask(line, stream, new Call.Head());
                case 6 -> {
                    ask(line, stream, new Call.Read(Face.STREAM, "now"));
                    ask(line, stream, new Call.Head());
                }
                case 7 -> readOn(line, stream, "-1");
                default -> readOn(line, stream, offsets.get(random.nextInt(offsets.size())));
            }
        }
        return this;
    }

    private Reply ask(KeptLine line, CommonStream stream, Call call) {
        return history.ask(line, stream.name(), call);
    }

    // What is stale for a moment is seen by who looks in that moment.
    private void lookAtOnce(KeptLine line, CommonStream stream) {
        switch (random.nextInt(4)) {
            case 0 -> ask(line, stream, new Call.Head());
            case 1 -> ask(line, stream, new Call.Read(Face.STREAM, "now"));
            case 2 -> readOn(line, stream, offsets.get(Math.max(0, offsets.size() - 2)));
            default -> {}
        }
    }

    private Append append() {
        Append append = append(random.nextInt(3) == 0 ? Face.SESSION : Face.STREAM);
        boolean isInSequence = append.face() == Face.STREAM && random.nextInt(4) == 0;
        return isInSequence ? append.inSequence(history.nextInSequence()) : append;
    }

    // For a session an array is one event.
    private Append append(Face face) {
        boolean isOne = face == Face.SESSION || random.nextBoolean();
        return new Append(face, values(isOne ? 1 : random.nextInt(2, MOST_TOGETHER)), "", 0, "", false);
    }

    private List<String> values(int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(name + " " + said + FILLER.repeat(random.nextInt(8) == 0 ? random.nextInt(LONGEST) : 0));
            said++;
        }
        return List.copyOf(values);
    }

    // What was not answered is asked again, and sometimes what was.
    private void number(KeptLine line, CommonStream stream, NumberedAppends own) {
        Append append = own.next(() -> append(random.nextBoolean() ? Face.SESSION : Face.STREAM));
        Reply reply = ask(line, stream, append);
        own.learn(append, reply);
        noted(reply);
        if (append.seq() > 0 && random.nextInt(8) == 0) {
            ask(line, stream, append);
        }
    }

    // Each page is an operation of its own.
    private void readOn(KeptLine line, CommonStream stream, String offset) {
        Face face = random.nextBoolean() ? Face.SESSION : Face.STREAM;
        String from = offset;
        for (int i = 0; i < MOST_PAGES; i++) {
            Reply reply = ask(line, stream, new Call.Read(face, from));
            noted(reply);
            if (!(reply instanceof Page(List<Reply.Event> _, String next, boolean upToDate, boolean _)) || upToDate) {
                return;
            }
            from = next;
        }
    }

    private void noted(Reply reply) {
        switch (reply) {
            case Done(String next, boolean _) -> note(next);
            case Again(String next, boolean _) -> note(next);
            case Page page -> note(page.next());
            case Reply.Refused _, Reply.Absent _, Unknown _ -> {}
        }
    }

    private void note(String next) {
        if (offsets.size() == OFFSETS) {
            offsets.remove(random.nextInt(OFFSETS));
        }
        offsets.add(next);
    }
}
