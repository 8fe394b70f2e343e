package io.perennial.subscriptions;

import static io.perennial.subscriptions.ServerOnDisk.ID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.eventstore.Offset;
import io.perennial.eventstore.StreamKey;
import io.perennial.subscriptions.Ack.Then;
import io.perennial.subscriptions.ReportOutcome.Next;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebhookTest {
    private static final String DONE = "{\"done\":true}";

    @TempDir
    Path directory;

    @AutoClose
    private final Receiver receiver = new Receiver();

    private ServerOnDisk server;
    private Offset created = Cursors.START;

    WebhookTest() throws IOException {}

    @BeforeEach
    void start() {
        server = new ServerOnDisk(directory);
        server.created(Specs.webhook(receiver.url(), "events/*"));
        created = server.create("events/a");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ReportOutcome callback(Receiver.Call call, Then then, Map<String, Offset> acks) {
        return server.subscriptions().callback(ID, call.token(), ServerOnDisk.acks(call.wake(), then, acks));
    }

    private void awaitAcked(Offset offset) throws Exception {
        Eventually.holds("acked", () -> server.link("events/a").acked().equals(offset));
    }

    private static ReportOutcome taken(Next next) {
        return new ReportOutcome.Taken(next);
    }

    private static ReportOutcome fenced() {
        return new ReportOutcome.Refused(new Refusal.Fenced());
    }

    @Test
    void an_append_calls_with_what_is_pending() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();

        assertEquals(
                "{\"subscription_id\":\"sub-1\",\"wake_id\":\"" + call.wake().wakeId()
                        + "\",\"generation\":1,\"streams\":[{\"path\":\"events/a\",\"link_type\":\"glob\","
                        + "\"acked_offset\":\"" + created + "\",\"tail_offset\":\"" + tail
                        + "\",\"has_pending\":true}],\"callback_url\":\"" + ServerOnDisk.URL
                        + "/v1/stream/__ds/subscriptions/sub-1/callback\",\"callback_token\":\"" + call.token() + "\"}",
                call.json().toString());
        call.answer(200, DONE);
    }

    @Test
    void a_call_is_signed_with_a_key_of_the_set() throws Exception {
        server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        String header = call.header("Webhook-Signature");

        assertTrue(
                Signatures.verifies(header, call.body(), server.subscriptions().keys(), ServerOnDisk.BEGINNING));
        call.body()[0]++;
        assertFalse(
                Signatures.verifies(header, call.body(), server.subscriptions().keys(), ServerOnDisk.BEGINNING));
        call.answer(200, DONE);
    }

    @Test
    void done_acks_what_the_call_told_and_nothing_beyond() throws Exception {
        Offset first = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        Offset second = server.append("events/a", "2");
        call.answer(200, DONE);

        Receiver.Call next = receiver.take();
        assertEquals(2, next.wake().generation());
        assertNotEquals(call.wake().wakeId(), next.wake().wakeId());
        assertEquals(first, server.link("events/a").acked());
        next.answer(200, DONE);
        awaitAcked(second);
        assertEquals(2, receiver.connections());
    }

    @Test
    void a_success_without_done_leaves_the_lease_to_callbacks() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        call.answer(202, "{}");
        for (int i = 0; i < 3; i++) {
            server.step(Specs.LEASE.minusMillis(1));
            assertEquals(taken(Next.NOTHING), callback(call, Then.GO_ON, Map.of()));
        }
        assertEquals(taken(Next.NOTHING), callback(call, Then.FINISH, Map.of("events/a", tail)));

        assertEquals(tail, server.link("events/a").acked());
        assertEquals(fenced(), callback(call, Then.GO_ON, Map.of()));
        assertEquals(1, receiver.connections());
    }

    @Test
    void a_callback_may_come_before_the_answer() throws Exception {
        Offset first = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        assertEquals(taken(Next.NOTHING), callback(call, Then.GO_ON, Map.of("events/a", first)));
        assertEquals(first, server.link("events/a").acked());
        assertEquals(taken(Next.NOTHING), callback(call, Then.FINISH, Map.of()));
        Offset second = server.append("events/a", "2");
        call.answer(200, DONE);

        Receiver.Call next = receiver.take();
        assertEquals(2, next.wake().generation());
        assertEquals(first, server.link("events/a").acked(), "a done that came too late acks nothing");
        next.answer(200, DONE);
        awaitAcked(second);
    }

    @Test
    void finishing_with_something_left_calls_again() throws Exception {
        Offset first = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        Offset second = server.append("events/a", "2");
        call.answer(200, "");
        Eventually.holds(
                "it has the lease",
                () -> callback(call, Then.FINISH, Map.of("events/a", first)).equals(taken(Next.WAKE)));
        Receiver.Call next = receiver.take();
        assertEquals(2, next.wake().generation());
        assertEquals(fenced(), callback(call, Then.FINISH, Map.of("events/a", second)));
        next.answer(200, DONE);
        awaitAcked(second);
    }

    @Test
    void a_webhook_that_never_calls_back_is_called_again_when_its_lease_is_over() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        assertEquals(taken(Next.NOTHING), callback(call, Then.GO_ON, Map.of()));
        call.answer(200, "");
        server.step(Specs.LEASE);

        Receiver.Call next = receiver.take();
        assertEquals(2, next.wake().generation());
        assertEquals(fenced(), callback(call, Then.FINISH, Map.of("events/a", tail)));
        assertEquals(created, server.link("events/a").acked());
        next.answer(200, DONE);
        awaitAcked(tail);
    }

    @Test
    void a_call_tells_of_no_more_streams_than_it_may_and_done_acks_only_those() throws Exception {
        server.append("events/first", "1");
        Receiver.Call first = receiver.take();
        for (int i = 0; i <= Cell.SNAPSHOT_LINKS; i++) {
            server.append("events/" + i, "1");
        }
        server.link("events/0");
        first.answer(200, DONE);
        Receiver.Call second = receiver.take();
        assertEquals(Cell.SNAPSHOT_LINKS, second.json().getJsonArray("streams").size());
        second.answer(200, DONE);
        Receiver.Call third = receiver.take();
        assertEquals(
                1,
                third.json().getJsonArray("streams").stream()
                        .filter(stream -> stream.asJsonObject().getBoolean("has_pending"))
                        .count());
        third.answer(200, DONE);
        Eventually.holds("all are acked", () -> server.view().links().stream().noneMatch(LinkView::isPending));
    }

    @Test
    void a_stream_that_is_deleted_while_it_is_told_of_is_not_acked_in_its_next_life() throws Exception {
        server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        server.delete("events/a");
        Offset reborn = server.create("events/a");
        Offset tail = server.append("events/a", "2");
        call.answer(200, DONE);

        Receiver.Call next = receiver.take();
        assertEquals(
                List.of(new LinkView(new StreamKey("events/a"), LinkType.GLOB, reborn, tail)),
                server.view().links());
        next.answer(200, DONE);
        awaitAcked(tail);
    }

    @Test
    void a_deleted_subscription_takes_no_report_of_its_last_call() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        server.subscriptions().delete(ID);
        assertEquals(
                new ReportOutcome.Refused(new Refusal.Unknown()),
                callback(call, Then.FINISH, Map.of("events/a", tail)));
        call.answer(200, DONE);
        server.created(Specs.webhook(receiver.url(), "events/*"));
        server.append("events/a", "2");
        Receiver.Call next = receiver.take();
        assertEquals(
                fenced(),
                server.subscriptions()
                        .callback(ID, call.token(), ServerOnDisk.acks(call.wake(), Then.FINISH, Map.of())));
        next.answer(200, DONE);
    }

    @Test
    void what_became_of_a_call_is_kept_as_soon_as_the_disk_takes_it() throws Exception {
        Offset tail = server.append("events/a", "1");
        Receiver.Call call = receiver.take();
        server.store().breakEdits();
        call.answer(200, DONE);
        server.store().mend();

        awaitAcked(tail);
        assertEquals(1, receiver.connections());
    }
}
