package io.perennial.bus;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.perennial.bus.Link.Next;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What is retained for the subscriptions of one topic, and those of them that wait for more.
///
/// The messages are a chain of links; a cursor is a link, and what comes next there is what it wants. Eviction cuts the
/// chain at its oldest link: a cursor that still stands there has lost something, one further on has not.
///
/// The bus lock guards what changes the chain. Cursors read it without a lock, so no publisher waits for what one of
/// them takes: with copies made under a lock, one stood still for 100 ms behind a thousand readers. The topic's own
/// lock, inside the bus lock where both are held, is for those who wait, and whoever has it looks at one link. To
/// unpark the waiters one by one was rejected: it costs the publisher several times what signalling them does.
final class Topic<M> {
    private static final int BARGING_ATTEMPTS = 100;

    private final Interest interest;
    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition news = waiting.newCondition();
    private Link<M> oldest = new Link<>();
    private volatile Link<M> newest = oldest;
    private volatile boolean ended;
    private int cursors;

    Topic(Interest interest) {
        this.interest = interest;
    }

    Interest interest() {
        return interest;
    }

    boolean isAbandoned() {
        return cursors == 0;
    }

    int cursors() {
        return cursors;
    }

    void append(Retained<M> message) {
        Link<M> here = newest;
        newest = new Link<>();
        here.publish(message, newest);
    }

    /// Counts a message that cannot be retained: every cursor lags. Returns what was held until now.
    List<Retained<M>> skip() {
        Link<M> here = newest;
        // Before anything is lost: who lags goes to the newest, and must not lose the same message there again.
        newest = new Link<>();
        here.lose();
        List<Retained<M>> held = clear();
        oldest = newest;
        return held;
    }

    void dropOldest() {
        if (oldest.next() instanceof Next.Published<M>(var _, var after)) {
            oldest.lose();
            oldest = after;
        }
    }

    /// Returns what was held until now.
    List<Retained<M>> clear() {
        List<Retained<M>> held = new ArrayList<>();
        while (oldest.next() instanceof Next.Published<M>(var message, var _)) {
            held.add(message);
            dropOldest();
        }
        return held;
    }

    /// Nothing will be published any more.
    void end() {
        ended = true;
        wake();
    }

    /// Wakes all who wait, once the chain has changed.
    void wake() {
        enter();
        try {
            news.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /// Barges in, as long as the lock is only held by threads that run. To queue behind a thousand waiters that were
    /// woken a moment ago, each of which has to be scheduled first, takes a millisecond.
    private void enter() {
        for (int attempt = 0; attempt < BARGING_ATTEMPTS; attempt++) {
            if (waiting.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        waiting.lock();
    }

    /// A cursor that wants what is published from now on.
    Cursor open() {
        cursors++;
        return new Cursor(newest);
    }

    /// Where one subscription stands. One thread moves it, any may close it.
    final class Cursor {
        private Link<M> position;
        private volatile boolean isWaiting;
        private volatile boolean closed;

        private Cursor(Link<M> position) {
            this.position = position;
        }

        Delivery<M> await(Duration wait) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isQuiet() && wait.isPositive()) {
                awaitNews(NANOSECONDS.convert(wait));
            }
            return take();
        }

        /// Under the bus lock, as [#open]. Returns whether this call closed it.
        boolean close() {
            if (closed) {
                return false;
            }
            closed = true;
            cursors--;
            if (isWaiting) {
                // All of them, for there is one condition. Mostly it is the consumer itself that closes, nobody waits
                // here, and a thousand that leave don't wake each other.
                wake();
            }
            return true;
        }

        private void awaitNews(long waitNanos) throws InterruptedException {
            waiting.lockInterruptibly();
            isWaiting = true;
            try {
                long nanos = waitNanos;
                while (nanos > 0 && isQuiet()) {
                    nanos = news.awaitNanos(nanos);
                }
            } finally {
                isWaiting = false;
                waiting.unlock();
            }
        }

        private boolean isQuiet() {
            return position.next() instanceof Next.Unpublished && !closed && !ended;
        }

        private Delivery<M> take() {
            // Before the chain: all that was published before the end is in it then.
            boolean last = ended;
            if (closed) {
                return new Delivery.Closed<>();
            }
            List<M> messages = new ArrayList<>();
            Next<M> next = position.next();
            while (next instanceof Next.Published<M>(var message, var after)) {
                messages.add(message.message());
                position = after;
                next = after.next();
            }
            if (!messages.isEmpty()) {
                return new Delivery.Messages<>(messages);
            }
            if (next instanceof Next.Lost) {
                position = newest;
                return new Delivery.Lagged<>();
            }
            return last ? new Delivery.Closed<>() : new Delivery.Idle<>();
        }
    }
}
