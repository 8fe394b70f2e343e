package io.perennial.acceptance;

import static io.perennial.acceptance.OfficialClient.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perennial.acceptance.OfficialClient.Batch;
import io.perennial.acceptance.OfficialClient.Follower;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client that people have, unmodified.
class OfficialClientTest {
    private static final String PATH = "/v1/stream/numbers";

    @AutoClose
    private final Machine machine = new Machine();

    private OfficialClient client(Server server) {
        return new OfficialClient(machine, server.url().resolve(PATH));
    }

    private Server started(String... flags) throws Exception {
        Server server = machine.server(flags);
        client(server).create();
        return server;
    }

    private Server restarted(Server killed) throws Exception {
        return machine.server("--port", Integer.toString(killed.url().getPort()));
    }

    @Test
    void what_is_appended_is_read_from_any_offset_that_was_given_out() throws Exception {
        OfficialClient client = client(started());
        client.append(0, 1_000);
        Batch first = client.read("-1");
        assertEquals(numbers(0, 1_000), first.events());
        assertTrue(first.upToDate());
        client.append(1_000, 1_010);
        assertEquals(numbers(1_000, 1_010), client.read(first.offset()).events());
        assertEquals(numbers(0, 1_010), client.read("-1").events());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "long-poll"})
    void a_subscription_gets_what_was_there_and_what_comes(String live) throws Exception {
        OfficialClient client = client(started());
        client.append(0, 100);
        Follower follower = client.follow("-1", live);
        follower.awaitEvents(100);
        client.append(100, 200);
        follower.awaitEvents(200);
        client.append(200, 201);
        follower.awaitEvents(201);
        assertEquals(numbers(0, 201), follower.events());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse", "long-poll"})
    void a_subscription_resumes_from_its_saved_offset_after_a_kill(String live) throws Exception {
        Server server = started();
        Follower before = client(server).follow("-1", live);
        client(server).append(0, 100);
        before.awaitEvents(100);
        server.kill();
        before.close();
        assertEquals(numbers(0, 100), before.events());
        Server again = restarted(server);
        client(again).append(100, 150);
        Follower after = client(again).follow(before.offset(), live);
        after.awaitEvents(50);
        client(again).append(150, 200);
        after.awaitEvents(100);
        assertEquals(numbers(100, 200), after.events());
    }

    @Test
    void a_long_polling_subscription_comes_through_a_kill_by_itself() throws Exception {
        Server server = started();
        Follower follower = client(server).follow("-1", "long-poll");
        client(server).append(0, 100);
        follower.awaitEvents(100);
        server.kill();
        Server again = restarted(server);
        client(again).append(100, 200);
        follower.awaitEvents(200);
        assertEquals(numbers(0, 200), follower.events());
    }

    @Test
    void a_producer_whose_answers_get_lost_stores_every_event_once_and_in_order() throws Exception {
        Server server = started();
        try (ForgetfulProxy proxy = new ForgetfulProxy(server.url())) {
            new OfficialClient(machine, proxy.url().resolve(PATH)).produce(0, 1_000, "p");
            assertEquals(numbers(0, 1_000), client(server).read("-1").events());
            assertTrue(proxy.forgotten() > 20, proxy.forgotten() + " answers were lost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1024"})
    void small_pages_give_the_same_events(String pageBytes) throws Exception {
        OfficialClient client = client(started("--page-bytes", pageBytes));
        client.append(0, 500);
        assertEquals(numbers(0, 500), client.read("-1").events());
        for (String live : new String[] {"sse", "long-poll"}) {
            Follower follower = client.follow("-1", live);
            follower.awaitEvents(500);
            assertEquals(numbers(0, 500), follower.events());
            follower.close();
        }
    }
}
