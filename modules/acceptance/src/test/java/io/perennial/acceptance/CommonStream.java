package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Page;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A stream of many. Its lives end one after another: closed, then read as a whole, then deleted. What was appended to
/// it
/// without an answer has been seen by then, or did not take place.
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
    void beginAnew(History history, Client client, List<String> last) throws InterruptedException {
        if (!ending.tryLock()) {
            return;
        }
        try {
            if (isOver(history, client, last)) {
                history.ask(client, name, new Call.Delete());
            }
            history.ask(client, name, new Call.Create());
        } finally {
            ending.unlock();
        }
    }

    /// Ends its last life, and leaves it there.
    void end(History history, Client client) throws InterruptedException {
        isOver(history, client, List.of());
        history.ask(client, name, new Call.Head());
    }

    private boolean isOver(History history, Client client, List<String> last) throws InterruptedException {
        Append close = new Append(Face.STREAM, last, "", 0, "", true);
        boolean isClosed = history.ask(client, name, close) instanceof Done
                || (!last.isEmpty()
                        && history.ask(client, name, Append.of(Face.STREAM).closing()) instanceof Done);
        return isClosed && isReadToTheEnd(history, client);
    }

    private boolean isReadToTheEnd(History history, Client client) throws InterruptedException {
        String from = "-1";
        for (int i = 0; i < MOST_PAGES; i++) {
            if (!(history.ask(client, name, new Call.Read(Face.SESSION, from))
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
