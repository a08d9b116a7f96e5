package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reply of {@link HistoryFixture#completed} costs five tokens. */
class BudgetIT {
    private static final int DATABASE = 9;
    private static final StatefulRedisConnection<String, String> CONNECTION = HistoryFixture.connect(DATABASE);

    /** What others have spent counts, so nobody else may be here. */
    @BeforeEach
    void forget() {
        CONNECTION.sync().flushdb();
    }

    @AfterAll
    static void leave() {
        CONNECTION.sync().flushdb();
        CONNECTION.close();
    }

    private static HistoryFixture someone(String... settings) {
        return new HistoryFixture(CONNECTION, new ConversationName(Id.random(), new Id("c")), settings);
    }

    private static void answered(HistoryFixture chat, String messageId) {
        chat.send(messageId, null, "Hello");
        chat.started("r-" + messageId, 1, HistoryFixture.WORKER);
        chat.completed("r-" + messageId, 1, HistoryFixture.WORKER, "Hi");
    }

    private static RefusedException refused(HistoryFixture chat) {
        long before = chat.snapshot().seq();
        RefusedException[] refusal = new RefusedException[1];
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> chat.send("one-more", null, "Hello"))
                .satisfies(refused -> refusal[0] = refused);
        assertThat(chat.snapshot().seq()).isEqualTo(before);
        return refusal[0];
    }

    private Map<String, String> spent(HistoryFixture chat) {
        return chat.raw().hgetall(Keys.spent(chat.name.userId()));
    }

    @Test
    void refusesWhoHasSpentHisTokensUntilTheDayIsOver() {
        HistoryFixture chat = someone("daily-tokens", "6");
        answered(chat, "m1");
        answered(chat, "m2");

        RefusedException refusal = refused(chat);

        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.reason()).hasValue("daily_tokens");
        assertThat(refusal.retryAfter().orElseThrow()).isPositive().isLessThanOrEqualTo(Duration.ofDays(1));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> chat.regenerate("m1", "again"));
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> chat.another("c2").send("m1", null, "Hello"));
        assertThat(someone("daily-tokens", "6").send("m1", null, "Hello").seq()).isEqualTo(2);
    }

    @Test
    void answersARepeatAlsoOfWhoHasSpentHisTokens() {
        HistoryFixture chat = someone("daily-tokens", "1");
        answered(chat, "m1");

        assertThat(chat.send("m1", null, "Hello").repeated()).isTrue();
    }

    @Test
    void beginsAnewEachDay() {
        HistoryFixture chat = someone("daily-tokens", "5");
        answered(chat, "m1");
        refused(chat);

        chat.raw().hset(Keys.spent(chat.name.userId()), "day", "1");

        answered(chat, "m2");
        assertThat(spent(chat)).containsEntry("tokens", "5");
    }

    @Test
    void refusesEveryoneWhenAllHaveSpentTheirs() {
        answered(someone("daily-tokens-total", "10"), "m1");
        answered(someone("daily-tokens-total", "10"), "m1");

        assertThat(refused(someone("daily-tokens-total", "10")).reason()).hasValue("daily_tokens_total");
    }

    @Test
    void refusesGuestsWhenTheirShareIsSpentAndNoOneElse() {
        String[] settings = {"daily-tokens-total", "1000", "daily-tokens-guests", "5"};
        HistoryFixture signedIn = someone(settings);
        answered(signedIn, "m1");
        HistoryFixture guest = someone(settings);
        guest.guest = true;
        answered(guest, "m1");

        HistoryFixture another = someone(settings);
        another.guest = true;

        assertThat(refused(another).reason()).hasValue("daily_tokens_total");
        assertThat(someone(settings).send("m2", null, "Hello").seq()).isEqualTo(2);
    }

    @Test
    void looksAtTheSumOfAllAgainWhenItIsOld() {
        HistoryFixture chat = someone("daily-tokens-total", "5", "budget-look", "0s");
        answered(chat, "m1");

        assertThat(refused(chat).reason()).hasValue("daily_tokens_total");
    }

    @Test
    void countsWhatWasWrittenOfAReplyThatWasStoppedOrFailedOrDeleted() {
        HistoryFixture stopped = someone();
        begun(stopped);
        stopped.store.cancel(stopped.reply("r-m1"));
        HistoryFixture failed = someone();
        begun(failed);
        failed.failed("r-m1", 1, HistoryFixture.WORKER, FailureCode.CONTENT_FILTERED, null);
        HistoryFixture deleted = someone();
        begun(deleted);
        deleted.store.delete(deleted.name);

        // Eight bytes of question and twelve of answer.
        assertThat(spent(stopped)).containsEntry("tokens", "5");
        assertThat(spent(failed)).containsEntry("tokens", "5");
        assertThat(spent(deleted)).containsEntry("tokens", "5");
    }

    private static void begun(HistoryFixture chat) {
        chat.send("m1", null, "Question");
        chat.started("r-m1", 1, HistoryFixture.WORKER);
        chat.delta("r-m1", 1, HistoryFixture.WORKER, 0, 0, "Half a reply");
    }

    @Test
    void countsNothingOfWhatNoModelWasAsked() {
        HistoryFixture chat = someone();
        chat.send("m1", null, "Question");
        chat.store.cancel(chat.reply("r-m1"));

        assertThat(spent(chat)).isEmpty();
    }

    @Test
    void countsAReplyOnce() {
        HistoryFixture chat = someone();
        answered(chat, "m1");
        chat.completed("r-m1", 1, HistoryFixture.WORKER, "Hi");

        assertThat(spent(chat)).containsEntry("tokens", "5");
        assertThat(chat.raw().pttl(Keys.spent(chat.name.userId()))).isPositive();
    }

    @Test
    void boundsTheConversationsOfOneUser() {
        HistoryFixture chat = someone("conversations-per-user", "1");
        answered(chat, "m1");

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> chat.another("c2").send("m1", null, "Hello"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        answered(chat, "m2");
        chat.store.delete(chat.name);
        assertThat(chat.another("c2").send("m1", null, "Hello").seq()).isEqualTo(2);
    }
}
