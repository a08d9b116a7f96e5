package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares(Settings.of());

    @Test
    void isEightWhileNoWorkerIsKnown() {
        assertThat(shares.perUser()).isEqualTo(8);
    }

    @Test
    void leavesHalfOfTheWorkersToOthers() {
        shares.capacity(4);
        assertThat(shares.perUser()).isEqualTo(2);
        shares.capacity(5);
        assertThat(shares.perUser()).isEqualTo(3);
        shares.capacity(64);
        assertThat(shares.perUser()).isEqualTo(8);
    }

    @Test
    void isNeverNothing() {
        shares.capacity(1);

        assertThat(shares.perUser()).isEqualTo(1);
    }

    @Test
    void isWhatTheOperatorSays() {
        Shares set = new Shares(Settings.of("replies-per-user", "20"));
        set.capacity(4);

        assertThat(set.perUser()).isEqualTo(20);
    }
}
