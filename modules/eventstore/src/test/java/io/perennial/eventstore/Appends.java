package io.perennial.eventstore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Requests as tests write them: JSON, by nobody in particular, to a stream that is created where there is none.
final class Appends {
    private Appends() {}

    static StreamKey key(String stream) {
        return new StreamKey(stream);
    }

    static Append of(String stream, String... events) {
        return of(stream, bytes(events));
    }

    static Append of(String stream, List<byte[]> events) {
        return new Append(
                key(stream),
                ContentType.JSON,
                events,
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.STAY_OPEN,
                Append.IfAbsent.CREATE);
    }

    static Append closing(Append append) {
        return new Append(
                append.stream(),
                append.contentType(),
                append.events(),
                append.producer(),
                append.writerSeq(),
                Append.Closing.CLOSE,
                append.ifAbsent());
    }

    static Append closing(String stream, String... events) {
        return new Append(
                key(stream),
                ContentType.JSON,
                bytes(events),
                Producer.ANONYMOUS,
                WriterSeq.NONE,
                Append.Closing.CLOSE,
                Append.IfAbsent.CREATE);
    }

    static Append by(Producer producer, Append append) {
        return new Append(
                append.stream(),
                append.contentType(),
                append.events(),
                producer,
                append.writerSeq(),
                append.closing(),
                append.ifAbsent());
    }

    static Append by(String producer, long epoch, long seq, Append append) {
        return by(new Producer.Idempotent(producer, epoch, seq), append);
    }

    static Append sequenced(String writerSeq, Append append) {
        return new Append(
                append.stream(),
                append.contentType(),
                append.events(),
                append.producer(),
                new WriterSeq.Value(writerSeq),
                append.closing(),
                append.ifAbsent());
    }

    static Append typed(String contentType, Append append) {
        return new Append(
                append.stream(),
                new ContentType(contentType),
                append.events(),
                append.producer(),
                append.writerSeq(),
                append.closing(),
                append.ifAbsent());
    }

    static Append onlyWhereItExists(Append append) {
        return new Append(
                append.stream(),
                append.contentType(),
                append.events(),
                append.producer(),
                append.writerSeq(),
                append.closing(),
                Append.IfAbsent.REJECT);
    }

    static List<byte[]> bytes(String... events) {
        return Arrays.stream(events)
                .map(event -> event.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    static String text(Event event) {
        return new String(event.data(), StandardCharsets.UTF_8);
    }

    static List<String> texts(List<Event> events) {
        return events.stream().map(Appends::text).toList();
    }

    static List<Offset> offsets(List<Event> events) {
        return events.stream().map(Event::offset).toList();
    }
}
