package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.Submission.Send;
import chat.parley.events.Id;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AcceptIT {
    private final HistoryFixture chat = new HistoryFixture();

    @Test
    void storesTheMessageAndItsRequestTogether() {
        Accepted accepted = chat.send("m1", null, "Hello");

        assertThat(accepted.seq()).isEqualTo(2);
        assertThat(accepted.repeated()).isFalse();
        assertThat(accepted.offers()).containsExactly(new Offer(chat.reply("r-m1"), 1, false, 0));
        assertThat(chat.log()).containsExactly("message.created m1", "reply.queued r-m1");
        assertThat(chat.sets().get(0)).containsExactly("r-m1/1");
        assertThat(chat.snapshot().conversation().title()).isEqualTo("Hello");
    }

    @Test
    void answersARepeatAsTheFirstTimeAndChangesNothing() {
        Accepted first = chat.send("m1", null, "Hello");
        Snapshot before = chat.snapshot();

        Accepted repeat = chat.send("m1", null, "Hello", "another-reply");

        assertThat(repeat.replyId()).isEqualTo(first.replyId());
        assertThat(repeat.seq()).isEqualTo(first.seq());
        assertThat(repeat.repeated()).isTrue();
        assertThat(repeat.offers()).isEmpty();
        assertThat(chat.snapshot()).isEqualTo(before);
    }

    @Test
    void answersARepeatAlsoWhenTheReplyHasEnded() {
        Accepted first = chat.send("m1", null, "Hello");
        chat.started("r-m1", 1, HistoryFixture.WORKER);
        chat.completed("r-m1", 1, HistoryFixture.WORKER, "Hi");

        Accepted repeat = chat.send("m1", null, "Hello");

        assertThat(repeat.seq()).isEqualTo(first.seq());
        assertThat(repeat.offers()).isEmpty();
        assertThat(chat.snapshot().messages()).hasSize(2);
    }

    @Test
    void refusesTheSameIdWithAnotherTextOrParent() {
        chat.send("m1", null, "Hello");

        refused(ErrorCode.CONFLICT, () -> chat.send("m1", null, "Hello!"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m1", "r-m1", "Hello"));
    }

    @Test
    void refusesAnIdThatStandsForSomethingElse() {
        chat.send("m1", null, "Hello");

        refused(ErrorCode.CONFLICT, () -> chat.send("m2", null, "Hello", "r-m1"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m2", null, "Hello", "m1"));
        refused(ErrorCode.CONFLICT, () -> chat.send("r-m1", null, "Hello"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m2", null, "Hello", "m2"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m2", "m2", "Hello"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m2", "r-m2", "Hello", "r-m2"));
        assertThat(chat.snapshot().seq()).isEqualTo(2);
    }

    @Test
    void takesAParentThatIsStillToBeWrittenButNotAMessageOfAPerson() {
        chat.send("m1", null, "Hello");

        assertThat(chat.send("m2", "r-m1", "And then?").seq()).isEqualTo(4);
        refused(ErrorCode.CONFLICT, () -> chat.send("m3", "m1", "Hm"));
        refused(ErrorCode.CONFLICT, () -> chat.send("m3", "unknown", "Hm"));
    }

    @Test
    void letsLaterMessagesWaitForTheirTurn() {
        chat.send("m1", null, "One");

        Accepted second = chat.send("m2", "r-m1", "Two");

        assertThat(second.offers()).isEmpty();
        assertThat(chat.sets().get(0)).containsExactly("r-m1/1");
        assertThat(chat.snapshot().replies().stream()
                        .map(reply -> reply.replyId().value()))
                .containsExactly("r-m1", "r-m2");
    }

    @Test
    void regeneratesAsASiblingOnce() {
        chat.send("m1", null, "Hello");
        chat.started("r-m1", 1, HistoryFixture.WORKER);
        chat.completed("r-m1", 1, HistoryFixture.WORKER, "Hi");

        Accepted first = chat.regenerate("m1", "r2");
        assertThat(chat.regenerate("m1", "r2").seq()).isEqualTo(first.seq());
        chat.started("r2", 1, HistoryFixture.WORKER);
        chat.completed("r2", 1, HistoryFixture.WORKER, "Hello again");
        Accepted repeat = chat.regenerate("m1", "r2");

        assertThat(repeat.seq()).isEqualTo(first.seq());
        assertThat(repeat.repeated()).isTrue();
        assertThat(chat.snapshot().messages()).hasSize(3).last().asString().contains("\"parentId\":\"m1\"");
    }

    @Test
    void regeneratesOnlyMessagesOfPeople() {
        refused(ErrorCode.NOT_FOUND, () -> chat.regenerate("m1", "r2"));
        chat.send("m1", null, "Hello");
        chat.started("r-m1", 1, HistoryFixture.WORKER);
        chat.completed("r-m1", 1, HistoryFixture.WORKER, "Hi");

        refused(ErrorCode.NOT_FOUND, () -> chat.regenerate("m9", "r2"));
        refused(ErrorCode.BAD_REQUEST, () -> chat.regenerate("r-m1", "r2"));
        refused(ErrorCode.CONFLICT, () -> chat.regenerate("m1", "m1"));
    }

    @Test
    void recognisesARepeatBeforeAnyLimit() {
        HistoryFixture limited = new HistoryFixture("messages-per-minute", "1");
        Accepted first = limited.send("m1", null, "Hello");

        assertThat(limited.send("m1", null, "Hello").seq()).isEqualTo(first.seq());
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> limited.send("m2", null, "Hello"))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    assertThat(refused.retryAfter().orElseThrow()).isPositive();
                });
        assertThat(limited.snapshot().messages()).hasSize(1);
    }

    @Test
    void recognisesARepeatWithoutTakingANewOne() {
        Send send = new Send(chat.name, new Id("m1"), null, "Hello", new Id("r-m1"), null);
        assertThat(chat.store.repeated(send)).isEmpty();
        assertThat(chat.snapshot().seq()).isZero();

        Accepted first = chat.store.accept(send, false);

        assertThat(chat.store.repeated(send))
                .hasValue(new Accepted(first.messageId(), first.replyId(), first.seq(), true, List.of()));
        refused(
                ErrorCode.CONFLICT,
                () -> chat.store.repeated(new Send(chat.name, new Id("m1"), null, "Hello!", new Id("r-m1"), null)));
        assertThat(chat.snapshot().seq()).isEqualTo(2);
    }

    @Test
    void boundsWhatWaitsInOneConversation() {
        HistoryFixture limited = new HistoryFixture("max-waiting", "1");
        limited.send("m1", null, "One");
        limited.send("m2", null, "Two");

        refused(ErrorCode.RATE_LIMITED, () -> limited.send("m3", null, "Three"));
    }

    @Test
    void neverBringsADeletedConversationBack() {
        chat.send("m1", null, "Hello");
        chat.store.delete(chat.name);

        refused(ErrorCode.NOT_FOUND, () -> chat.send("m2", null, "Hello"));
        refused(ErrorCode.NOT_FOUND, () -> chat.regenerate("m1", "r9"));
        assertThat(chat.snapshot().seq()).isZero();
    }

    @Test
    void keepsTextAsItIs() {
        String text = "a \"quoted\" \\ line\nwith \u0000 and \u2028, Ünïcode 🙂 and </script> {{x}} %s";
        chat.send("m1", null, text);

        assertThat(chat.send("m1", null, text).repeated()).isTrue();
        assertThat(HistoryFixture.MAPPER
                        .readTree(chat.snapshot().messages().getFirst().json())
                        .path("text")
                        .asString())
                .isEqualTo(text);
    }

    @Test
    void keepsTwoUsersWithTheSameIdsApart() {
        Id stranger = HistoryFixture.userOutsideShardOf(chat.name.userId());
        HistoryFixture sameShard =
                new HistoryFixture(new ConversationName(HistoryFixture.userInShardOf(chat.name.userId()), new Id("c")));
        HistoryFixture otherShard = new HistoryFixture(new ConversationName(stranger, new Id("c")));

        chat.send("m1", null, "Mine");
        sameShard.send("m1", null, "His");
        otherShard.send("m1", null, "Hers");
        chat.started("r-m1", 1, HistoryFixture.WORKER);
        chat.delta("r-m1", 1, HistoryFixture.WORKER, 0, 0, "Only for me");
        sameShard.store.cancel(sameShard.reply("r-m1"));
        otherShard.store.delete(otherShard.name);

        assertThat(chat.snapshot().replies().getFirst().text()).isEqualTo("Only for me");
        assertThat(chat.sets()).containsExactly(List.of(), List.of(), List.of("r-m1/1"));
        assertThat(sameShard.log()).containsExactly("message.created m1", "reply.queued r-m1", "reply.cancelled r-m1 ");
        assertThat(otherShard.snapshot().conversation()).isNull();
        assertThat(chat.list.page(chat.name.userId(), null, 10).items()).hasSize(1);
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
