package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.OpenReply.State;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replies of a user may be in flight: those of the conversations a and b. That of c is held. */
class HeldIT {
    private static final List<String> NONE = List.of();

    private final HistoryFixture a = new HistoryFixture("replies-per-user", "2");
    private final HistoryFixture b = a.another("b");
    private final HistoryFixture c = a.another("c-held");
    private final HistoryFixture d = a.another("d");
    private final Id user = a.name.userId();

    @BeforeEach
    void ask() {
        assertThat(a.send("m1", null, "One").offers()).hasSize(1);
        assertThat(b.send("m1", null, "Two").offers()).hasSize(1);
        assertThat(c.send("m1", null, "Three").offers()).isEmpty();
    }

    @Test
    void holdsWhatIsOverTheLimit() {
        assertThat(c.sets()).containsOnly(NONE);
        assertThat(c.heldHere()).containsExactly("r-m1/1");
        assertThat(inFlight()).containsExactlyInAnyOrder("c/r-m1", "b/r-m1");
        assertThat(a.held.owners(10_000)).contains(user);
    }

    @Test
    void looksQueuedToTheBrowser() {
        assertThat(c.log()).containsExactly("message.created m1", "reply.queued r-m1");
        assertThat(c.snapshot().replies())
                .hasSize(1)
                .allSatisfy(reply -> assertThat(reply.state()).isEqualTo(State.QUEUED));
        assertThat(c.snapshot().conversation().activeReplyId()).isEqualTo(new Id("r-m1"));
    }

    @Test
    void answersARepeatAsTheFirstTimeAndChangesNothing() {
        Snapshot before = c.snapshot();

        assertThat(c.send("m1", null, "Three").repeated()).isTrue();

        assertThat(c.snapshot()).isEqualTo(before);
        assertThat(c.heldHere()).containsExactly("r-m1/1");
        assertThat(inFlight()).hasSize(2);
    }

    @Test
    void admitsTheOldestWhenOneEnds() {
        d.send("m1", null, "Four");

        assertThat(finish(a).vacancy()).isTrue();

        assertThat(admit()).containsExactly(new Offer(c.reply("r-m1"), 1, false, 0));
        assertThat(c.sets()).containsExactly(List.of("r-m1/1"), NONE, NONE);
        assertThat(c.heldHere()).isEmpty();
        assertThat(d.heldHere()).containsExactly("r-m1/1");
    }

    @Test
    void admitsNoMoreWhenAskedTwice() {
        d.send("m1", null, "Four");
        finish(a);
        admit();

        assertThat(admit()).isEmpty();
        assertThat(a.replies.lease(new Entry(d.reply("r-m1"), 1))).isEmpty();
        assertThat(inFlight()).containsExactlyInAnyOrder("b/r-m1", "c-held/r-m1");
    }

    @Test
    void freesOneSlotHoweverOftenItsReplyEnds() {
        d.send("m1", null, "Four");
        finish(a);
        a.completed("r-m1", 1, WORKER, "One");
        a.store.cancel(a.reply("r-m1"));
        a.store.delete(a.name);
        a.store.delete(a.name);

        assertThat(admit()).hasSize(1);
        assertThat(admit()).isEmpty();
    }

    @Test
    void letsNoOneOvertakeWhatIsHeld() {
        finish(a);

        assertThat(d.send("m1", null, "Four").offers()).isEmpty();
        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));
    }

    @Test
    void holdsTheNextMessageOfAConversationBehindThoseOfOthers() {
        a.send("m2", "r-m1", "And then?");

        Applied ended = finish(a);

        assertThat(ended.offers()).isEmpty();
        assertThat(ended.vacancy()).isTrue();
        assertThat(a.heldHere()).containsExactly("r-m2/1");
        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));
        finish(b);
        assertThat(admit()).extracting(Offer::reply).containsExactly(a.reply("r-m2"));
    }

    @Test
    void keepsTheMessagesOfAConversationInOrder() {
        c.send("m2", "r-m1", "And then?");

        c.store.cancel(c.reply("r-m1"));

        assertThat(c.heldHere()).containsExactly("r-m2/1");
        assertThat(c.snapshot().replies()).extracting(OpenReply::replyId).containsExactly(new Id("r-m2"));
    }

    @Test
    void cancelsAHeldReply() {
        Stopped stopped = c.store.cancel(c.reply("r-m1"));

        assertThat(stopped).isEqualTo(Stopped.NOTHING);
        assertThat(c.log()).last().isEqualTo("reply.cancelled r-m1 ");
        assertThat(c.heldHere()).isEmpty();
        assertThat(a.held.owners(10_000)).doesNotContain(user);
        assertThat(finish(a).vacancy()).isFalse();
    }

    @Test
    void deletesTheConversationOfAHeldReply() {
        Stopped deleted = c.store.delete(c.name);

        assertThat(deleted.vacancy()).isFalse();
        assertThat(c.heldHere()).isEmpty();
        assertThat(a.held.owners(10_000)).doesNotContain(user);
    }

    @Test
    void admitsTheOldestWhenAnotherIsCancelledOrItsConversationDeleted() {
        d.send("m1", null, "Four");

        assertThat(a.store.cancel(a.reply("r-m1")).vacancy()).isTrue();
        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));
        assertThat(b.store.delete(b.name).vacancy()).isTrue();
        assertThat(admit()).extracting(Offer::reply).containsExactly(d.reply("r-m1"));
    }

    @Test
    void isAdmittedByASweepIfWhoeverEndedAnotherDied() {
        finish(a);

        List<Offer> offers = a.held.admit(a.held.owners(10_000));

        assertThat(offers).contains(new Offer(c.reply("r-m1"), 1, false, 0));
        assertThat(a.held.owners(10_000)).doesNotContain(user);
    }

    @Test
    void givesUpItsSlotWhileItWaitsForItsNextTry() {
        a.started("r-m1", 1, WORKER);
        Applied failed = a.failed("r-m1", 1, WORKER, FailureCode.RATE_LIMITED, Duration.ofMillis(1));
        assertThat(failed.vacancy()).isTrue();
        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));

        await().until(() -> {
            assertThat(a.replies.lease(new Entry(a.reply("r-m1"), 2))).isEmpty();
            return a.heldHere().equals(List.of("r-m1/2"));
        });
        assertThat(a.snapshot().replies().getFirst().state()).isEqualTo(State.RETRYING);
        assertThat(a.sets()).containsOnly(NONE);

        // It is older than whatever came meanwhile.
        d.send("m1", null, "Four");
        finish(b);
        assertThat(admit()).containsExactly(new Offer(a.reply("r-m1"), 2, false, 0));
        assertThat(a.started("r-m1", 2, WORKER)).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void takesASlotAgainForItsNextTryIfOneIsFree() {
        c.store.cancel(c.reply("r-m1"));
        a.started("r-m1", 1, WORKER);
        a.failed("r-m1", 1, WORKER, FailureCode.RATE_LIMITED, Duration.ofMillis(1));
        assertThat(inFlight()).containsExactly("b/r-m1");

        await().until(() -> a.replies.lease(new Entry(a.reply("r-m1"), 2)).isPresent());

        assertThat(inFlight()).hasSize(2);
    }

    @Test
    void keepsItsSlotForATryAtOnce() {
        a.started("r-m1", 1, WORKER);

        Applied drained = a.failed("r-m1", 1, WORKER, FailureCode.DRAINED, null);

        assertThat(drained.vacancy()).isFalse();
        assertThat(inFlight()).containsExactlyInAnyOrder("c/r-m1", "b/r-m1");
    }

    @Test
    void failsWhenItsDeadlineIsOver() {
        HistoryFixture impatient = new HistoryFixture(c.name, "deadline", "1ms");
        Entry entry = new Entry(c.reply("r-m1"), 1);
        await().until(() ->
                impatient.held.overdue(impatient.replies.now(), 10_000).contains(entry));

        assertThat(impatient.replies.expire(entry).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(c.log()).last().isEqualTo("reply.failed r-m1 ");
        assertThat(c.heldHere()).isEmpty();
        assertThat(a.held.overdue(a.replies.now(), 10_000)).doesNotContain(entry);
    }

    @Test
    void takesItsSlotWhereAWorkerRunsItThoughTheStoreDoesNotKnow() {
        // The store came back from a copy that was made before the reply was admitted.
        assertThat(c.started("r-m1", 1, WORKER)).isEqualTo(Outcome.APPLIED);

        assertThat(c.heldHere()).isEmpty();
        assertThat(c.sets()).containsExactly(NONE, NONE, List.of("r-m1/1"));
        assertThat(inFlight()).hasSize(3);
        finish(a);
        assertThat(d.send("m1", null, "Four").offers()).isEmpty();
        finish(c);
        assertThat(admit()).hasSize(1);
    }

    @Test
    void takesOverALaterAttemptThanTheStoreKnows() {
        assertThat(c.started("r-m1", 3, WORKER)).isEqualTo(Outcome.APPLIED);

        assertThat(c.heldHere()).isEmpty();
        assertThat(c.sets()).containsExactly(NONE, NONE, List.of("r-m1/3"));
        assertThat(inFlight()).hasSize(3);
    }

    @Test
    void isMovedByNoOneWhoSaysThatItsRequestCame() {
        assertThat(c.seenAgain("r-m1", 1).outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(c.replies.dead(new Entry(c.reply("r-m1"), 1)).outcome()).isEqualTo(Outcome.NOTHING);

        assertThat(c.heldHere()).containsExactly("r-m1/1");
    }

    @Test
    void freesSlotsThatAnOlderVersionLeftTaken() {
        c.raw().sadd(Keys.inFlight(user), "gone/r-9", "c-held/r-m1");
        finish(a);
        assertThat(admit()).isEmpty();

        assertThat(a.held.reclaim(List.of(user))).isEqualTo(2);
        assertThat(a.held.reclaim(List.of(user))).isZero();

        assertThat(inFlight()).containsExactly("b/r-m1");
        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));
    }

    @Test
    void forgetsWhatAnOlderVersionLeftHeld() {
        c.raw().zadd(Keys.held(user), 1, d.name + "/r-9/1");
        finish(a);
        assertThat(admit()).isEmpty();

        assertThat(admit()).extracting(Offer::reply).containsExactly(c.reply("r-m1"));
    }

    @Test
    void marksWhatAnOlderVersionMayHavePublished() {
        // It has no slot, and its replica died between publish and confirm.
        d.raw().srem(Keys.inFlight(user), "c/r-m1");
        HistoryFixture hasty = new HistoryFixture(a.name, "outbox-lease", "1ms", "replies-per-user", "1");
        a.raw().zadd(Keys.outbox(a.name.shard()), 0, a.name + "/r-m1/1");
        assertThat(hasty.replies.lease(new Entry(a.reply("r-m1"), 1))).isEmpty();
        assertThat(a.heldHere()).containsExactly("r-m1/1");

        assertThat(admit()).containsExactly(new Offer(a.reply("r-m1"), 1, true, 0));
    }

    @Test
    void boundsEachUserByHimself() {
        Id elsewhere = Id.random();
        while (new ConversationName(elsewhere, new Id("c")).shard() == a.name.shard()) {
            elsewhere = Id.random();
        }
        for (Id other : List.of(HistoryFixture.userInShardOf(user), elsewhere)) {
            HistoryFixture his = new HistoryFixture(new ConversationName(other, new Id("c")), "replies-per-user", "2");
            assertThat(his.send("m1", null, "One").offers()).hasSize(1);
            assertThat(his.another("b").send("m1", null, "Two").offers()).hasSize(1);
            HistoryFixture held = his.another("c-held");
            assertThat(held.send("m1", null, "Three").offers()).isEmpty();
            finish(his);
            assertThat(his.held.admit(List.of(other))).extracting(Offer::reply).containsExactly(held.reply("r-m1"));
        }

        assertThat(inFlight()).containsExactlyInAnyOrder("c/r-m1", "b/r-m1");
        assertThat(c.heldHere()).containsExactly("r-m1/1");
    }

    @Test
    void hasMoreInFlightWhenMoreWorkersCame() {
        HistoryFixture shared = new HistoryFixture();
        shared.shares.capacity(2);
        shared.send("m1", null, "One");
        HistoryFixture second = shared.another("second");
        second.shares.capacity(2);
        assertThat(second.send("m1", null, "Two").offers()).isEmpty();

        shared.shares.capacity(4);

        assertThat(shared.held.admit(List.of(shared.name.userId())))
                .extracting(Offer::reply)
                .containsExactly(second.reply("r-m1"));
    }

    private static Applied finish(HistoryFixture chat) {
        chat.started("r-m1", 1, WORKER);
        return chat.completed("r-m1", 1, WORKER, "Done");
    }

    private List<Offer> admit() {
        return a.held.admit(List.of(user));
    }

    private List<String> inFlight() {
        return List.copyOf(a.raw().smembers(Keys.inFlight(user)));
    }
}
