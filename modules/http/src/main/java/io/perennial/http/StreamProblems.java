package io.perennial.http;

import io.helidon.http.Status;
import io.perennial.eventstore.ContentType;
import io.perennial.eventstore.CreateOutcome;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.Rejection;
import io.perennial.eventstore.StreamKey;

/// What the protocol's face answers to whatever doesn't work, in one place.
final class StreamProblems {
    private StreamProblems() {}

    static Problem of(StreamKey stream, Rejection reason) {
        return switch (reason) {
            case Rejection.Absent _ -> absent(stream);
            case Rejection.SoftDeleted _ -> deleted(stream);
            case Rejection.Closed(Offset tail) ->
                conflict("StreamClosed", "the stream " + stream + " is closed and takes no more events")
                        .with(Names.STREAM_CLOSED)
                        .with(Names.STREAM_NEXT_OFFSET, tail);
            case Rejection.OtherContentType(ContentType expected) ->
                conflict("ContentTypeMismatch", "the stream " + stream + " holds " + expected.value());
            case Rejection.SequenceRegressed(String last) ->
                conflict("SequenceRegressed", "Stream-Seq has to be greater than " + last + ", byte by byte")
                        .with(Names.STREAM_SEQ, last);
            case Rejection.OfProducer number -> ProducerProblems.of(number);
            case Rejection.Busy _ -> busy();
        };
    }

    static Problem of(StreamKey stream, CreateOutcome.Refused reason) {
        return switch (reason) {
            case CreateOutcome.Differs(CreateOutcome.Difference difference) ->
                conflict("StreamExists", "the stream " + stream + " exists with another " + named(difference));
            case CreateOutcome.Blocked _ ->
                conflict("StreamExists", "the stream " + stream + " was deleted and is kept only for its forks");
            case CreateOutcome.SourceAbsent _ ->
                Problem.of(Status.NOT_FOUND_404, "SourceNotFound", "the stream of Stream-Forked-From doesn't exist");
            case CreateOutcome.SourceSoftDeleted _ ->
                conflict("SourceDeleted", "the stream of Stream-Forked-From was deleted");
            case CreateOutcome.SourceDiffers(ContentType expected) ->
                conflict("ContentTypeMismatch", "the stream of Stream-Forked-From holds " + expected.value());
            case CreateOutcome.BeforeEarliest(Offset earliest) ->
                Problem.of(
                                Status.GONE_410,
                                "EventsTrimmed",
                                "Stream-Fork-Offset is in front of what retention left of the source, " + earliest)
                        .with(Names.STREAM_EARLIEST_OFFSET, earliest);
            case CreateOutcome.BeyondTail(Offset tail) ->
                Problem.badRequest("InvalidOffset", "Stream-Fork-Offset is beyond the source's tail, " + tail);
            case CreateOutcome.BeyondAppend(long most) ->
                Problem.badRequest(
                        "InvalidOffset",
                        "Stream-Fork-Sub-Offset is beyond the append at Stream-Fork-Offset: at most " + most);
            case CreateOutcome.TooDeep(int most) ->
                conflict("TooManyForks", "a fork has at most " + most + " streams behind one another as its sources");
            case CreateOutcome.Busy _ -> busy();
        };
    }

    private static String named(CreateOutcome.Difference difference) {
        return switch (difference) {
            case CONTENT_TYPE -> "content type";
            case RETENTION -> "retention (Stream-Retain-Age, Stream-Retain-Bytes, Stream-Retain-Count)";
            case LIFETIME -> "lifetime (Stream-TTL, Stream-Expires-At)";
            case CLOSURE -> "closure (Stream-Closed)";
            case ORIGIN -> "origin (Stream-Forked-From, Stream-Fork-Offset, Stream-Fork-Sub-Offset)";
        };
    }

    static Problem absent(StreamKey stream) {
        return Problem.of(Status.NOT_FOUND_404, "StreamNotFound", "there is no stream " + stream);
    }

    static Problem deleted(StreamKey stream) {
        return Problem.of(
                Status.GONE_410,
                "StreamDeleted",
                "the stream " + stream + " was deleted and is kept only for its forks");
    }

    static Problem trimmed(StreamKey stream, Offset earliest) {
        return Problem.of(
                        Status.GONE_410,
                        "EventsTrimmed",
                        "events of " + stream + " from there on were dropped by retention: the earliest that is left is"
                                + " at " + earliest)
                .with(Names.STREAM_EARLIEST_OFFSET, earliest);
    }

    static Problem stopping() {
        return Problem.of(Status.SERVICE_UNAVAILABLE_503, "Stopping", "this server is stopping: try again in a moment")
                .with(Names.RETRY_AFTER_A_SECOND);
    }

    private static Problem conflict(String code, String message) {
        return Problem.of(Status.CONFLICT_409, code, message);
    }

    static Problem busy() {
        return Problem.of(
                        Status.SERVICE_UNAVAILABLE_503,
                        "Busy",
                        "more appends wait than this server queues: try again in a moment")
                .with(Names.RETRY_AFTER_A_SECOND);
    }
}
