package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Offer.Entry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxIT {
    private static final List<String> NONE = List.of();

    private final HistoryFixture chat = new HistoryFixture("outbox-lease", "1ms", "send-again-after", "1ms");
    private final Entry entry = new Entry(chat.reply("r-m1"), 1);

    @BeforeEach
    void ask() {
        chat.send("m1", null, "Hello");
    }

    @Test
    void isOfferedOnceTheBrokerHasConfirmed() {
        chat.replies.confirmed(entry);
        assertThat(chat.sets()).containsExactly(NONE, List.of("r-m1/1"), NONE);

        chat.replies.confirmed(entry);
        assertThat(chat.sets()).containsExactly(NONE, List.of("r-m1/1"), NONE);
        assertThat(chat.replies.offered(10_000))
                .extracting(ReplyStore.Offered::entry)
                .contains(entry);
    }

    @Test
    void isRunningWhenAWorkerIsFasterThanTheConfirm() {
        chat.started("r-m1", 1, WORKER);
        chat.replies.confirmed(entry);

        assertThat(chat.sets()).containsExactly(NONE, NONE, List.of("r-m1/1"));
    }

    @Test
    void ignoresTheConfirmOfAnOlderAttempt() {
        chat.seenAgain("r-m1", 1);
        chat.replies.confirmed(entry);

        assertThat(chat.sets()).containsExactly(List.of("r-m1/2"), NONE, NONE);
    }

    @Test
    void marksEveryPublishAfterTheFirst() {
        assertThat(lease()).isEqualTo(new Offer(chat.reply("r-m1"), 1, true, 0));
        assertThat(lease().again()).isTrue();
    }

    @Test
    void marksNothingWhereThePublishSurelyDidNotArrive() {
        chat.replies.unsent(entry);

        assertThat(lease().again()).isFalse();
        assertThat(lease().again()).isTrue();
    }

    @Test
    void isLeasedByOneReplicaAtATime() {
        HistoryFixture patient = new HistoryFixture(chat.name, "outbox-lease", "1h");
        await().until(() -> patient.replies.lease(entry).isPresent());

        assertThat(patient.replies.lease(entry)).isEmpty();
        assertThat(chat.replies.dueOutbox(chat.replies.now(), 10_000)).doesNotContain(entry);
    }

    @Test
    void forgetsAnEntryThatIsSettled() {
        chat.started("r-m1", 1, WORKER);
        chat.completed("r-m1", 1, WORKER, "Hi");
        chat.raw().zadd(Keys.outbox(chat.name.shard()), 0, entry.toString());

        assertThat(chat.replies.lease(entry)).isEmpty();
        assertThat(chat.sets()).containsExactly(NONE, NONE, NONE);
    }

    @Test
    void isOfferedAgainOnlyWhileNoWorkerHasStartedIt() {
        chat.replies.confirmed(entry);
        assertThat(chat.replies.reoffer(entry, 0, 1)).isTrue();
        assertThat(chat.sets()).containsExactly(List.of("r-m1/1"), NONE, NONE);
        assertThat(lease().again()).isTrue();

        chat.started("r-m1", 1, WORKER);
        assertThat(chat.replies.reoffer(entry, 0, 1)).isFalse();
        assertThat(chat.sets()).containsExactly(NONE, NONE, List.of("r-m1/1"));
    }

    @Test
    void isNotOfferedAgainByWhatIsKnownOfAnotherQueue() {
        chat.replies.confirmed(entry);

        assertThat(chat.replies.reoffer(entry, 2, Integer.MAX_VALUE)).isFalse();
        assertThat(chat.sets()).containsExactly(NONE, List.of("r-m1/1"), NONE);
    }

    @Test
    void countsAStrikeForARequestThatCameToTheDeadLetters() {
        chat.replies.confirmed(entry);

        assertThat(chat.replies.dead(entry).offers()).containsExactly(new Offer(chat.reply("r-m1"), 2, false, 0));
        assertThat(chat.replies.dead(entry).outcome()).isEqualTo(Outcome.FENCED);
        assertThat(chat.sets()).containsExactly(List.of("r-m1/2"), NONE, NONE);
    }

    @Test
    void failsAReplyWhoseRequestsComeToTheDeadLettersAgainAndAgain() {
        for (int attempt = 1; attempt <= 5; attempt++) {
            chat.replies.dead(new Entry(chat.reply("r-m1"), attempt));
        }

        assertThat(chat.log()).last().isEqualTo("reply.failed r-m1 ");
        assertThat(chat.sets()).containsExactly(NONE, NONE, NONE);
    }

    @Test
    void leavesAWorkerAloneWhoseRequestCameToTheDeadLetters() {
        chat.started("r-m1", 1, WORKER);

        assertThat(chat.replies.dead(entry).outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(chat.delta("r-m1", 1, WORKER, 0, 0, "Hi")).isEqualTo(Outcome.APPLIED);
    }

    private Offer lease() {
        return await().until(() -> chat.replies.lease(entry).orElse(null), offer -> offer != null);
    }
}
