package io.perennial.subscriptions;

import io.perennial.eventstore.EventStore;
import io.perennial.eventstore.HeadOutcome;
import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamInfo;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.ReportOutcome.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What workers ask for: the lease, more of it, and the end of it.
final class Reporting {
    private Reporting() {}

    static Optional<ClaimOutcome> claim(
            Means means, Cell cell, String worker, String claimer, Subscriptions.Check check) {
        Duration ttl = cell.spec().leaseTtl();
        return cell.change(draft -> {
            cell.require(check);
            if (!(cell.spec().channel() instanceof Channel.PullWake)) {
                return new ClaimOutcome.Refused(new Refusal.OtherType());
            }
            Instant now = means.clock().instant();
            Rules.Ruling ruling = Rules.claim(
                    draft.state(),
                    worker,
                    ttl,
                    draft.isPending(),
                    now,
                    means.wakeIds().get());
            return switch (ruling) {
                case Rules.Denied(Refusal why) -> new ClaimOutcome.Refused(why);
                case Rules.Granted(State after) -> {
                    draft.state(after);
                    String wakeId = ((Phase.Wake) after.phase()).wakeId();
                    WakeRef wake = new WakeRef(wakeId, after.generation());
                    yield new ClaimOutcome.Claimed(
                            wake,
                            means.tokens().claimed(cell.id(), wake, claimer, now),
                            draft.snapshot(Cell.SNAPSHOT_LINKS).stream()
                                    .map(LinkView::of)
                                    .toList(),
                            ttl);
                }
            };
        });
    }

    static Optional<ReportOutcome> report(
            Means means, Cell cell, Class<? extends Channel> channel, String token, Ack ack) {
        if (!channel.isInstance(cell.spec().channel())) {
            return Optional.of(new ReportOutcome.Refused(new Refusal.OtherType()));
        }
        return switch (means.tokens().verify(cell.id(), token, means.clock().instant())) {
            case Tokens.Invalid _ -> Optional.of(new ReportOutcome.Refused(new Refusal.InvalidToken()));
            case Tokens.Expired _ -> Optional.of(new ReportOutcome.Refused(new Refusal.ExpiredToken()));
            case Tokens.Valid(WakeRef wake)
            when !wake.equals(ack.wake()) ->
                // As long as the subscription is there: it goes before.
                cell.change(_ -> new ReportOutcome.Refused(new Refusal.Fenced()));
            case Tokens.Valid _ ->
                cell.change(draft -> cell.isHeard()
                        ? report(means, cell, draft, ack)
                        : new ReportOutcome.Refused(new Refusal.InvalidToken()));
        };
    }

    private static ReportOutcome report(Means means, Cell cell, Draft draft, Ack ack) {
        Rules.Ruling ruling = Rules.report(
                draft.state(),
                ack.wake(),
                ack.then(),
                cell.spec().leaseTtl(),
                means.clock().instant());
        return switch (ruling) {
            case Rules.Denied(Refusal why) -> new ReportOutcome.Refused(why);
            case Rules.Granted(State after) -> {
                List<Link> acked = new ArrayList<>();
                for (Map.Entry<StreamKey, Offset> one : ack.acks().entrySet()) {
                    Optional<Refusal> wrong = ack(means.store(), draft, one.getKey(), one.getValue(), acked);
                    if (wrong.isPresent()) {
                        yield new ReportOutcome.Refused(wrong.get());
                    }
                }
                acked.forEach(draft::put);
                draft.state(after);
                boolean wakes = ack.then() == Ack.Then.FINISH && draft.isPending();
                yield new ReportOutcome.Taken(wakes ? Next.WAKE : Next.NOTHING);
            }
        };
    }

    private static Optional<Refusal> ack(
            EventStore store, Draft draft, StreamKey stream, Offset offset, List<Link> acked) {
        Optional<Link> known = draft.find(stream);
        if (known.isEmpty()) {
            return Optional.of(new Refusal.NotLinked(stream));
        }
        Link link = known.get();
        if (offset.isBefore(link.acked())) {
            return Optional.of(new Refusal.Backwards(stream, Cursors.text(link.acked())));
        }
        // A worker may have read what hasn't been heard of here.
        if (link.tail().isBefore(offset) && store.head(stream) instanceof HeadOutcome.Found(StreamInfo found)) {
            link = link.grown(News.Grown.sinceCreation(found));
        }
        if (link.tail().isBefore(offset)) {
            return Optional.of(new Refusal.BeyondTail(stream, Cursors.text(link.tail())));
        }
        acked.add(link.acked(offset));
        return Optional.empty();
    }
}
