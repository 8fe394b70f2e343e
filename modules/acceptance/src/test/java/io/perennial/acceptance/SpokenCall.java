package io.perennial.acceptance;

import io.perennial.acceptance.Call.Append;
import io.perennial.acceptance.Call.Face;
import io.perennial.acceptance.Client.Stored;
import io.perennial.acceptance.Reply.Absent;
import io.perennial.acceptance.Reply.Again;
import io.perennial.acceptance.Reply.Done;
import io.perennial.acceptance.Reply.Event;
import io.perennial.acceptance.Reply.Page;
import io.perennial.acceptance.Reply.Reason;
import io.perennial.acceptance.Reply.Refused;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A call as it is made over HTTP, and its answer as it is understood.
record SpokenCall(String stream, Call call) {
    /// @throws IOException where there is no answer
    Reply by(KeptLine line) throws IOException {
        Wire.Answer answer = send(line);
        return switch (answer.status()) {
            case 200, 201, 204 -> done(answer);
            case 404 -> new Absent();
            case 409 -> refused(answer);
            default -> throw unexpected(answer);
        };
    }

    private Wire.Answer send(KeptLine line) throws IOException {
        String path = Sight.path(stream);
        return switch (call) {
            case Append append
            when append.face() == Face.SESSION ->
                line.exchange("POST", Client.path(stream), json(append.values()), headers(append));
            case Append append -> line.exchange("POST", path, json(append.values()), headers(append));
            case Call.Read(Face face, String from) ->
                line.exchange(
                        "GET",
                        face == Face.SESSION ? Client.path(stream) + "&offset=" + from : path + "?offset=" + from,
                        "");
            case Call.Head _ -> line.exchange("HEAD", path, "");
            case Call.Create _ ->
                line.exchange("PUT", path, "", Kind.PLAIN.headers().toArray(String[]::new));
            case Call.Delete _ -> line.exchange("DELETE", path, "");
        };
    }

    private static String json(List<String> values) {
        boolean isOne = values.size() < 2;
        return values.stream()
                .map(value -> "\"" + value + "\"")
                .collect(Collectors.joining(",", isOne ? "" : "[", isOne ? "" : "]"));
    }

    private static String[] headers(Append append) {
        List<String> headers = new ArrayList<>(Kind.PLAIN.headers());
        if (!append.producer().isEmpty()) {
            headers.addAll(List.of(
                    "Producer-Id",
                    append.producer(),
                    "Producer-Epoch",
                    "0",
                    "Producer-Seq",
                    Integer.toString(append.seq())));
        }
        if (!append.streamSeq().isEmpty()) {
            headers.addAll(List.of("Stream-Seq", append.streamSeq()));
        }
        if (append.closes()) {
            headers.addAll(List.of("Stream-Closed", "true"));
        }
        return headers.toArray(String[]::new);
    }

    private Reply done(Wire.Answer answer) {
        boolean isClosed = has(answer, "Stream-Closed");
        return switch (call) {
            case Append append ->
                !append.producer().isEmpty() && answer.status() == 204
                        ? new Again(next(answer), isClosed)
                        : new Done(next(answer), isClosed);
            case Call.Read(Face face, String _) ->
                new Page(events(face, answer), next(answer), isUpToDate(answer), isClosed);
            case Call.Head _ -> new Done(next(answer), isClosed);
            case Call.Create _ ->
                answer.status() == 201 ? new Done(next(answer), isClosed) : new Again(next(answer), isClosed);
            case Call.Delete _ -> new Done("", false);
        };
    }

    private static List<Event> events(Face face, Wire.Answer answer) {
        List<Event> events = new ArrayList<>();
        if (face == Face.STREAM) {
            Client.json(answer.body())
                    .asJsonArray()
                    .getValuesAs(JsonString::getString)
                    .forEach(value -> events.add(new Event(value, "")));
            return List.copyOf(events);
        }
        for (JsonValue entry : Client.json(answer.body()).asJsonArray()) {
            Stored stored = Stored.of(entry);
            events.add(new Event(Sight.text(stored), Ulid.after(stored.offset())));
        }
        return List.copyOf(events);
    }

    private static boolean isUpToDate(Wire.Answer answer) {
        return answer.head().header("Stream-Up-To-Date").equals("true");
    }

    private Reply refused(Wire.Answer answer) {
        if (call instanceof Call.Create && answer.body().contains("closure")) {
            return new Refused(Reason.CLOSED, "");
        }
        if (has(answer, "Stream-Closed")) {
            return new Refused(Reason.CLOSED, next(answer));
        }
        if (has(answer, "Producer-Expected-Seq")) {
            return new Refused(Reason.GAP, answer.head().header("Producer-Expected-Seq"));
        }
        if (answer.body().contains("SequenceRegressed")) {
            return new Refused(Reason.REGRESSED, "");
        }
        throw unexpected(answer);
    }

    private static boolean has(Wire.Answer answer, String header) {
        return !answer.head().header(header).isEmpty();
    }

    private static String next(Wire.Answer answer) {
        return answer.head().header("Stream-Next-Offset");
    }

    private AssertionError unexpected(Wire.Answer answer) {
        return new AssertionError(stream + " " + call + ": " + answer.status() + " " + answer.body());
    }
}
