package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class ReturnTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    private final Deque<Visit> visits = new ArrayDeque<>();
    private final Return coming = new Return(2, guest -> {
        Visit visit = new Visit(guest);
        visits.push(visit);
        return visit;
    });

    @Test
    void countsThoseWhoCameInTime() throws InterruptedException {
        coming.at(new Guest("one"));
        Visit inTime = visits.pop();
        arrive(inTime);
        coming.at(new Guest("two"));

        assertThat(coming.await(AT_ONCE)).containsExactly(inTime);

        arrive(visits.pop());
        assertThat(coming.await(AT_ONCE)).containsExactly(inTime);
    }

    @Test
    void letsNobodyComeAfterItsTime() throws InterruptedException {
        assertThat(coming.await(AT_ONCE)).isEmpty();

        coming.at(new Guest("late"));

        assertThat(visits).isEmpty();
    }

    @Test
    void saysWhyTriesFailed() {
        coming.at(new Guest("one"));
        visits.pop().ended("refused");

        assertThat(coming.failures()).contains("refused=1");
    }

    private static void arrive(Visit visit) {
        visit.seen().complete(new Visit.Seen(0, 0, true));
    }
}
