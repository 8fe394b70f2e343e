package io.perennial.eventstore;

import static io.perennial.eventstore.Appends.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.perennial.eventstore.Follow.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What tests expect of a follower's next step.
final class Steps {
    private Steps() {}

    static Page assertNext(Follow follow, Ending ending, String... events) throws InterruptedException {
        Page page = page(follow.next(Duration.ZERO));
        assertEquals(List.of(events), texts(page.events()));
        assertEquals(ending, page.ending());
        return page;
    }

    static void assertIdle(Follow follow) throws InterruptedException {
        assertInstanceOf(Step.Idle.class, follow.next(Duration.ZERO));
    }

    static Page page(Step step) {
        return assertInstanceOf(Step.Next.class, step).page();
    }

    static List<String> everythingThatWaits(Follow follow) throws InterruptedException {
        List<String> events = new ArrayList<>();
        while (true) {
            switch (follow.next(Duration.ZERO)) {
                case Step.Next next -> events.addAll(texts(next.page().events()));
                case Step.Absent _ -> {}
                case Step.Idle _ -> {
                    return events;
                }
                case Step.SoftDeleted _, Step.Trimmed _, Step.Ended _ -> throw new AssertionError("after " + events);
            }
        }
    }
}
