package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Page;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A stream that many use. Its lives end one after another: closed, then read as a whole, then deleted. What was
/// appended to it without an answer has been seen by then, or did not take place.
final class CommonStream {
    private static final int MOST_PAGES = 100_000;

    private final String name;
    private final ReentrantLock ending = new ReentrantLock();

    CommonStream(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /// Ends its life and begins another, unless somebody does. Where an answer is missing it is left as it is.
    ///
    /// @param last an event to close it with; none for a close alone
    void beginAnew(History history, KeptLine line, List<String> last) {
        if (!ending.tryLock()) {
            return;
        }
        try {
            if (isOver(history, line, last)) {
                history.ask(line, name, new Call.Delete());
            }
            history.ask(line, name, new Call.Create());
        } finally {
            ending.unlock();
        }
    }

    /// Ends its last life, and leaves it there.
    void end(History history, KeptLine line) {
        isOver(history, line, List.of());
        history.ask(line, name, new Call.Head());
    }

    private boolean isOver(History history, KeptLine line, List<String> last) {
        Append close = new Append(Face.STREAM, last, "", 0, "", true);
        boolean isClosed = history.ask(line, name, close) instanceof Done
                || (!last.isEmpty()
                        && history.ask(line, name, Append.of(Face.STREAM).closing()) instanceof Done);
        return isClosed && isReadToTheEnd(history, line);
    }

    private boolean isReadToTheEnd(History history, KeptLine line) {
        String from = "-1";
        for (int i = 0; i < MOST_PAGES; i++) {
            if (!(history.ask(line, name, new Call.Read(Face.SESSION, from))
                    instanceof Page(List<Reply.Event> _, String next, boolean upToDate, boolean closed))) {
                return false;
            }
            if (upToDate) {
                return closed;
            }
            from = next;
        }
        throw new AssertionError("no end after " + MOST_PAGES + " pages of " + name);
    }
}
