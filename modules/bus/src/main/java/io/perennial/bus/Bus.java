package io.perennial.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/// Brings what is published on a topic to those who follow the topic, or everything, at that moment. Thread-safe.
///
/// Nobody has a queue. One bounded window holds, in publishing order, what was published on followed topics, and a
/// subscription is a position in its topic. The window evicts its oldest message for a new one, and a subscription
/// that still wanted it learns so ([Delivery.Lagged]); no publisher waits for a subscriber, and a thousand slow ones
/// take no more memory than one. What every subscription has passed stays until it is evicted, or until its topic's
/// last subscription is closed. A message larger than the whole window is a lag for those who follow it.
///
/// Messages are published one at a time, in an order that all subscriptions agree on. One that nobody follows costs
/// two look-ups, and a topic that nobody follows takes no memory.
///
/// One lock orders publishing and guards the window and the map. A publisher holds it for as long as it takes to add
/// one message, and wakes nobody meanwhile; a subscriber takes it to come and to go, and not to read.
///
/// @param <M> what is published; it is handed to many threads, and should not change
public final class Bus<M> implements AutoCloseable {
    private static final Interest EVERYTHING = new Interest.Everything();

    private final ToLongFunction<? super M> weigher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Window<M> window;

    // Changed under the lock, read without it. A topic is in here exactly while it has a subscription.
    private final ConcurrentHashMap<Interest, Topic<M>> topics = new ConcurrentHashMap<>();
    private final LongAdder lags = new LongAdder();
    private volatile boolean closed;

    private int subscriptions;

    /// @param weigher the bytes that a message counts for, zero or more; called by the publisher, without a lock
    public Bus(BusLimits limits, ToLongFunction<? super M> weigher) {
        this.window = new Window<>(limits);
        this.weigher = weigher;
    }

    /// Follows one topic, from now on. Of a bus that is closed, the subscription's first delivery is
    /// [Delivery.Closed].
    public Subscription<M> subscribe(String topic) {
        return subscribe(new Interest.Named(topic));
    }

    /// Follows every topic, from now on. Of a bus that is closed, the subscription's first delivery is
    /// [Delivery.Closed].
    public Subscription<M> subscribeAll() {
        return subscribe(EVERYTHING);
    }

    /// Hands the message to all who follow the topic, and never waits for them to take it. Does nothing after
    /// [#close].
    ///
    /// @throws IllegalArgumentException where the weigher finds less than zero bytes
    public void publish(String topic, M message) {
        if (!isFollowed(topic)) {
            return;
        }
        long weight = weigher.applyAsLong(message);
        if (weight < 0) {
            throw new IllegalArgumentException("a message of less than zero bytes: " + weight);
        }
        add(topic, message, weight).forEach(Topic::wake);
    }

    /// Whether a message on this topic would reach anyone right now. False after [#close].
    public boolean isFollowed(String topic) {
        return !closed && (topics.containsKey(EVERYTHING) || topics.containsKey(new Interest.Named(topic)));
    }

    /// How many subscriptions are not closed yet.
    public int subscriptions() {
        lock.lock();
        try {
            return subscriptions;
        } finally {
            lock.unlock();
        }
    }

    /// How many subscriptions to this one topic are not closed yet.
    public int subscriptions(String topic) {
        lock.lock();
        try {
            Topic<M> followed = topics.get(new Interest.Named(topic));
            return followed == null ? 0 : followed.cursors();
        } finally {
            lock.unlock();
        }
    }

    /// How often a subscription was told that it lagged, of all there ever were.
    public long lags() {
        return lags.sum();
    }

    /// Ends publishing. Every subscription still gets what waits for it, and then [Delivery.Closed]; those that wait
    /// for more are woken. Again and again is fine.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            topics.values().forEach(Topic::end);
        } finally {
            lock.unlock();
        }
    }

    /// How many topics are known, the one of everything included.
    int topics() {
        return topics.size();
    }

    /// What is retained right now, to hold against the limits.
    Retention retention() {
        lock.lock();
        try {
            return new Retention(window.messages(), window.bytes());
        } finally {
            lock.unlock();
        }
    }

    record Retention(int messages, long bytes) {}

    private Subscription<M> subscribe(Interest interest) {
        lock.lock();
        try {
            Topic<M> topic = topics.computeIfAbsent(interest, Topic::new);
            if (closed) {
                topic.end();
            }
            Topic<M>.Cursor cursor = topic.open();
            subscriptions++;
            return new Subscription<>(cursor, () -> leave(topic, cursor), lags);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Topic<M> topic, Topic<M>.Cursor cursor) {
        lock.lock();
        try {
            if (!cursor.close()) {
                return;
            }
            subscriptions--;
            if (topic.isAbandoned()) {
                topics.remove(topic.interest());
                window.release(topic);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Returns the topics that the message was added to.
    private List<Topic<M>> add(String topic, M message, long weight) {
        lock.lock();
        try {
            // Asked again: the last follower may have left, and no message may come after the end.
            List<Topic<M>> followed = closed ? List.of() : followedTopics(topic);
            if (!followed.isEmpty()) {
                window.add(message, weight, followed);
            }
            return followed;
        } finally {
            lock.unlock();
        }
    }

    private List<Topic<M>> followedTopics(String name) {
        List<Topic<M>> followed = new ArrayList<>(2);
        for (Interest interest : List.of(new Interest.Named(name), EVERYTHING)) {
            Topic<M> topic = topics.get(interest);
            if (topic != null) {
                followed.add(topic);
            }
        }
        return followed;
    }
}
