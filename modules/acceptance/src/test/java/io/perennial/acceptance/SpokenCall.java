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
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A call as it is made over HTTP, and its answer as it is understood.
record SpokenCall(String stream, Call call) {
    /// @throws IOException where there is no answer
    Reply by(Client client) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(client);
        return switch (answer.statusCode()) {
            case 200, 201, 204 -> done(answer);
            case 404 -> new Absent();
            case 409 -> refused(answer);
            default -> throw unexpected(answer);
        };
    }

    private HttpResponse<String> send(Client client) throws IOException, InterruptedException {
        String path = Sight.path(stream);
        return switch (call) {
            case Append append
            when append.face() == Face.SESSION -> client.post(stream, json(append.values()), headers(append));
            case Append append -> client.send("POST", path, json(append.values()), headers(append));
            case Call.Read(Face face, String from) ->
                client.get(face == Face.SESSION ? Client.path(stream) + "&offset=" + from : path + "?offset=" + from);
            case Call.Head _ -> client.send("HEAD", path, "");
            case Call.Create _ ->
                client.send("PUT", path, "", Kind.PLAIN.headers().toArray(String[]::new));
            case Call.Delete _ -> client.send("DELETE", path, "");
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

    private Reply done(HttpResponse<String> answer) {
        boolean isClosed = has(answer, "Stream-Closed");
        return switch (call) {
            case Append append ->
                !append.producer().isEmpty() && answer.statusCode() == 204
                        ? new Again(Client.next(answer), isClosed)
                        : new Done(Client.next(answer), isClosed);
            case Call.Read(Face face, String _) ->
                new Page(events(face, answer), Client.next(answer), isUpToDate(answer), isClosed);
            case Call.Head _ -> new Done(Client.next(answer), isClosed);
            case Call.Create _ ->
                answer.statusCode() == 201
                        ? new Done(Client.next(answer), isClosed)
                        : new Again(Client.next(answer), isClosed);
            case Call.Delete _ -> new Done("", false);
        };
    }

    private static List<Event> events(Face face, HttpResponse<String> answer) {
        List<Event> events = new ArrayList<>();
        if (face == Face.STREAM) {
            Sight.values(answer).forEach(value -> events.add(new Event(value, "")));
            return List.copyOf(events);
        }
        for (JsonValue entry : Client.json(answer.body()).asJsonArray()) {
            Stored stored = Stored.of(entry);
            events.add(new Event(Sight.text(stored), Ulid.after(stored.offset())));
        }
        return List.copyOf(events);
    }

    private static boolean isUpToDate(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Stream-Up-To-Date")
                .filter("true"::equals)
                .isPresent();
    }

    private Reply refused(HttpResponse<String> answer) {
        if (call instanceof Call.Create && answer.body().contains("closure")) {
            return new Refused(Reason.CLOSED, "");
        }
        if (has(answer, "Stream-Closed")) {
            return new Refused(Reason.CLOSED, Client.next(answer));
        }
        if (has(answer, "Producer-Expected-Seq")) {
            return new Refused(
                    Reason.GAP,
                    answer.headers().firstValue("Producer-Expected-Seq").orElseThrow());
        }
        if (answer.body().contains("SequenceRegressed")) {
            return new Refused(Reason.REGRESSED, "");
        }
        throw unexpected(answer);
    }

    private static boolean has(HttpResponse<?> answer, String header) {
        return answer.headers().firstValue(header).isPresent();
    }

    private AssertionError unexpected(HttpResponse<String> answer) {
        return new AssertionError(stream + " " + call + ": " + answer.statusCode() + " " + answer.body());
    }
}
