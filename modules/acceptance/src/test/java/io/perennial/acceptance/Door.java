package io.perennial.acceptance;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/// One request of an operation, and what it takes to be let in.
///
/// @param operation as the document at `/openapi` calls it
/// @param path where `{n}` is another number each time
/// @param needs permissions, all of them
record Door(
        String operation, String method, String path, String body, List<String> headers, Asks asks, Set<String> needs) {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String SUBSCRIPTION = "/v1/stream/__ds/subscriptions/p";
    private static final List<String> JSON = List.of("Content-Type", "application/json");

    /// Which kind of answer a door has to somebody without a token.
    enum Asks {
        NOTHING,
        /// Who somebody is, and no more.
        A_NAME,
        /// The token of a wake, which no other replaces.
        A_WAKE,
        PERMISSIONS
    }

    /// Of every operation at least one.
    static final List<Door> ALL = List.of(
            door("readSession", "GET", "/stream/events?sessionId=s", "read"),
            door("readSession", "GET", "/stream/events?stream=sessions/s", "read"),
            door("appendToSession", "POST", "/stream/events?sessionId=s", "append")
                    .with("1"),
            door("appendToSession", "POST", "/stream/events?sessionId=new-{n}", "append", "create")
                    .with("1"),
            named("followBus", "/event"),
            door("followBus", "GET", "/event?sessionId=s", "read"),
            named("listServers", "/servers"),
            door("registerServer", "POST", "/servers", "registry")
                    .with("{\"id\":\"r{n}\",\"url\":\"http://127.0.0.1:9\",\"port\":9,\"pid\":1}"),
            door("deregisterServer", "DELETE", "/servers/r{n}", "registry"),
            door("createStream", "PUT", "/v1/stream/new/{n}", "create").with(""),
            door("createStream", "PUT", "/v1/stream/fork/{n}", "create", "read")
                    .sending("Stream-Forked-From", "/v1/stream/sessions/s"),
            door("appendToStream", "POST", "/v1/stream/sessions/s", "append").with("1"),
            door("appendToStream", "POST", "/v1/stream/nowhere/{n}", "append").with("1"),
            door("readStream", "GET", "/v1/stream/sessions/s", "read"),
            door("readStream", "GET", "/v1/stream/sessions/s?offset=-1&live=sse", "read"),
            door("readStream", "GET", "/v1/stream/sessions/s?offset=-1&live=long-poll", "read"),
            door("headStream", "HEAD", "/v1/stream/sessions/s", "read"),
            door("deleteStream", "DELETE", "/v1/stream/nowhere/{n}", "delete"),
            door("putSubscription", "PUT", SUBSCRIPTION, "subscribe", "read", "append")
                    .with(spec()),
            door("getSubscription", "GET", SUBSCRIPTION, "subscribe", "read", "append"),
            door("linkStreams", "POST", SUBSCRIPTION + "/streams", "subscribe", "read", "append")
                    .with("{\"streams\":[\"sessions/s\"]}"),
            door("unlinkStream", "DELETE", SUBSCRIPTION + "/streams/sessions/s", "subscribe", "read", "append"),
            door("claimWake", "POST", SUBSCRIPTION + "/claim", "subscribe", "read", "append")
                    .with("{\"worker\":\"w\"}"),
            door("deleteSubscription", "DELETE", SUBSCRIPTION, "subscribe", "read", "append"),
            waking("ackWake", "/ack"),
            waking("releaseWake", "/release"),
            waking("reportCallback", "/callback"),
            free("getKeys", "/v1/stream/__ds/jwks.json"),
            named("listStreams", "/streams"),
            door("getStream", "GET", "/streams/sessions/s", "read"),
            door("backup", "GET", "/admin/backup", "admin"),
            door("makeLink", "POST", "/access-links", "admin", "read").with("{\"paths\":\"sessions/s\"}"),
            door("verify", "GET", "/admin/verification", "admin"),
            door("health", "GET", "/observe/health", "admin"),
            free("healthLive", "/observe/health/live"),
            door("healthReady", "GET", "/observe/health/ready", "admin"),
            door("metrics", "GET", "/observe/metrics", "admin"),
            named("openapi", "/openapi"));

    private static String spec() {
        return "{\"type\":\"pull-wake\",\"pattern\":\"jobs/**\",\"wake_stream\":\"wakes\"}";
    }

    private static Door door(String operation, String method, String path, String... needs) {
        return new Door(operation, method, path, "", List.of(), Asks.PERMISSIONS, new TreeSet<>(Arrays.asList(needs)));
    }

    private static Door named(String operation, String path) {
        return new Door(operation, "GET", path, "", List.of(), Asks.A_NAME, Set.of());
    }

    private static Door free(String operation, String path) {
        return new Door(operation, "GET", path, "", List.of(), Asks.NOTHING, Set.of());
    }

    private static Door waking(String operation, String path) {
        return new Door(
                operation,
                "POST",
                SUBSCRIPTION + path,
                "{\"wake_id\":\"w\",\"generation\":1}",
                JSON,
                Asks.A_WAKE,
                Set.of());
    }

    private Door with(String json) {
        return new Door(operation, method, path, json, JSON, asks, needs);
    }

    private Door sending(String... more) {
        return new Door(operation, method, path, body, Arrays.asList(more), asks, needs);
    }

    /// The subscription that the others are about.
    static Door subscription() {
        return ALL.stream()
                .filter(door -> door.operation.equals("putSubscription"))
                .findFirst()
                .orElseThrow();
    }

    /// The same door, to be gone through once.
    Door once() {
        String number = Integer.toString(NUMBER.incrementAndGet());
        return new Door(
                operation, method, path.replace("{n}", number), body.replace("{n}", number), headers, asks, needs);
    }
}
