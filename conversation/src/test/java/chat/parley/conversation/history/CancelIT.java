package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Stopped.Abort;
import chat.parley.events.FailureCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CancelIT {
    private final HistoryFixture chat = new HistoryFixture();

    @BeforeEach
    void ask() {
        chat.send("m1", null, "Hello");
    }

    @Test
    void stopsAReplyBeforeAnyWorkerHasIt() {
        Stopped stopped = cancel("r-m1");

        assertThat(stopped).isEqualTo(Stopped.NOTHING);
        assertThat(chat.log()).last().isEqualTo("reply.cancelled r-m1 ");
        assertThat(chat.sets()).containsOnly(List.of());
        assertThat(chat.started("r-m1", 1, WORKER)).isEqualTo(Outcome.ENDED);
    }

    @Test
    void stopsAReplyInMidStreamWithTheTextSoFar() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "Half a");

        Stopped stopped = cancel("r-m1");

        assertThat(stopped.abort()).contains(new Abort(chat.reply("r-m1"), 1, WORKER));
        assertThat(chat.log()).last().isEqualTo("reply.cancelled r-m1 Half a");
        assertThat(chat.snapshot().messages().getLast().json()).contains("\"status\":\"cancelled\"");
        assertThat(chat.delta("r-m1", 1, WORKER, 1, 6, " word")).isEqualTo(Outcome.ENDED);
        assertThat(chat.completed("r-m1", 1, WORKER, "Half a word").outcome()).isEqualTo(Outcome.ENDED);
    }

    @Test
    void stopsAReplyThatWaitsForItsNextTryWithTheTextThatWasShown() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "Shown");
        chat.failed("r-m1", 1, WORKER, FailureCode.BROKEN_OFF, Duration.ofHours(1));

        cancel("r-m1");

        assertThat(chat.log()).last().isEqualTo("reply.cancelled r-m1 Shown");
        assertThat(chat.sets()).containsOnly(List.of());
    }

    @Test
    void stopsAReplyThatWaitsForItsTurnAndLeavesTheOthersInOrder() {
        chat.send("m2", "r-m1", "Two");
        chat.send("m3", "r-m2", "Three");

        assertThat(cancel("r-m2").offers()).isEmpty();
        chat.started("r-m1", 1, WORKER);
        Applied ended = chat.completed("r-m1", 1, WORKER, "One");

        assertThat(ended.offers()).containsExactly(new Offer(chat.reply("r-m3"), 1, false, 0));
    }

    @Test
    void givesTheNextMessageItsTurn() {
        chat.send("m2", "r-m1", "Two");

        assertThat(cancel("r-m1").offers()).containsExactly(new Offer(chat.reply("r-m2"), 1, false, 0));
    }

    @Test
    void changesNothingForAReplyThatHasEnded() {
        chat.started("r-m1", 1, WORKER);
        chat.completed("r-m1", 1, WORKER, "Hi");
        Snapshot before = chat.snapshot();

        assertThat(cancel("r-m1")).isEqualTo(Stopped.NOTHING);
        assertThat(cancel("r-m1")).isEqualTo(Stopped.NOTHING);
        assertThat(chat.snapshot()).isEqualTo(before);
    }

    @Test
    void changesNothingTheSecondTime() {
        cancel("r-m1");
        Snapshot before = chat.snapshot();

        assertThat(cancel("r-m1")).isEqualTo(Stopped.NOTHING);
        assertThat(chat.snapshot()).isEqualTo(before);
    }

    @Test
    void knowsNoReplyOfAnotherName() {
        for (String unknown : List.of("r9", "m1")) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> cancel(unknown))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
        HistoryFixture stranger = new HistoryFixture();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> stranger.store.cancel(stranger.reply("r-m1")))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    private Stopped cancel(String replyId) {
        return chat.store.cancel(chat.reply(replyId));
    }
}
