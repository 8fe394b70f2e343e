package io.perennial.server;

import io.perennial.eventstore.MalformedOffsetException;
import io.perennial.eventstore.Offset;
import io.perennial.server.Follower.Entry;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Appends exported events, in their order and each once: their offsets are the stream's sequence (`Stream-Seq`), so
/// the stream knows how far it is, whoever broke off.
final class Import {
    private static final int BATCH = 500;

    private final String path;
    private final Appender appender;
    private final List<Entry> batch = new ArrayList<>();
    private Optional<Offset> there = Optional.empty();

    Import(String path, Appender appender) {
        this.path = path;
        this.appender = appender;
    }

    void add(Entry entry) throws InterruptedException {
        batch.add(entry);
        if (batch.size() == BATCH || !entry.isJson()) {
            send();
        }
    }

    void end() throws InterruptedException {
        send();
        if (there.isPresent()) {
            throw other();
        }
    }

    private void send() throws InterruptedException {
        skip();
        while (!batch.isEmpty()) {
            Optional<String> last =
                    appender.appendUnlessThere(batch.getLast().offset().toString(), body());
            if (last.isEmpty()) {
                batch.clear();
                return;
            }
            there = Optional.of(offset(last.get()));
            skip();
        }
    }

    // What lies in front of the last one that is there was appended with it, where this is the same file.
    private void skip() {
        while (there.isPresent() && !batch.isEmpty()) {
            int order = batch.getFirst().offset().compareTo(there.get());
            if (order > 0) {
                throw other();
            }
            if (order == 0) {
                there = Optional.empty();
            }
            batch.removeFirst();
        }
    }

    private byte[] body() {
        Entry first = batch.getFirst();
        return first.isJson()
                ? Appender.array(batch.stream().map(Entry::text).toList())
                : Base64.getDecoder().decode(first.text());
    }

    private Offset offset(String sequence) {
        try {
            return Offset.parse(sequence);
        } catch (MalformedOffsetException e) {
            throw other();
        }
    }

    private StartException other() {
        return new StartException("the stream " + path + " holds something else than the beginning of the file: choose"
                + " another name, or delete it");
    }
}
