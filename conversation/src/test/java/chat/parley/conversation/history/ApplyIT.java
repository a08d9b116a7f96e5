package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.OTHER;
import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplyIT {
    private final HistoryFixture chat = new HistoryFixture();

    @BeforeEach
    void ask() {
        chat.send("m1", null, "Hello");
    }

    @Test
    void writesAReplyToItsEnd() {
        assertThat(chat.started("r-m1", 1, WORKER)).isEqualTo(Outcome.APPLIED);
        assertThat(chat.delta("r-m1", 1, WORKER, 0, 0, "Hi ")).isEqualTo(Outcome.APPLIED);
        assertThat(chat.delta("r-m1", 1, WORKER, 1, 3, "Ada")).isEqualTo(Outcome.APPLIED);
        assertThat(chat.snapshot().replies().getFirst().text()).isEqualTo("Hi Ada");
        assertThat(chat.completed("r-m1", 1, WORKER, "Hi Ada").outcome()).isEqualTo(Outcome.APPLIED);

        assertThat(chat.log())
                .containsExactly(
                        "message.created m1",
                        "reply.queued r-m1",
                        "reply.started r-m1/1",
                        "reply.delta 0 Hi ",
                        "reply.delta 3 Ada",
                        "reply.completed r-m1 Hi Ada");
        assertThat(chat.sets()).containsOnly(List.of());
        assertThat(chat.snapshot().messages().getLast().json())
                .contains("\"usage\":{\"promptTokens\":3,\"completionTokens\":2}", "\"model\":\"model-x\"");
        assertThat(chat.snapshot().replies()).isEmpty();
    }

    @Test
    void changesNothingWhenAWholeDeliveryComesAgain() {
        List<ReplyEvent> delivery = List.of(
                new ReplyStarted(chat.reply("r-m1"), 1, WORKER, "x"),
                new ReplyDelta(chat.reply("r-m1"), 1, WORKER, 0, 0, "Hi"),
                new ReplyCompleted(chat.reply("r-m1"), 1, WORKER, "Hi", null));
        chat.replies.apply(delivery, false);
        Snapshot once = chat.snapshot();

        List<Applied> again = chat.replies.apply(delivery, false);

        assertThat(again).extracting(Applied::outcome).containsOnly(Outcome.ENDED);
        assertThat(chat.snapshot()).isEqualTo(once);
    }

    @Test
    void changesNothingWhenPartOfADeliveryComesAgain() {
        List<ReplyEvent> delivery = List.of(
                new ReplyStarted(chat.reply("r-m1"), 1, WORKER, "x"),
                new ReplyDelta(chat.reply("r-m1"), 1, WORKER, 0, 0, "Hi"));
        chat.replies.apply(delivery, false);

        assertThat(chat.replies.apply(delivery, false))
                .extracting(Applied::outcome)
                .containsOnly(Outcome.REPEAT);
        assertThat(chat.log()).hasSize(4);
    }

    @Test
    void appliesADeliveryOfManyRepliesInItsOrder() {
        HistoryFixture other = new HistoryFixture(
                new ConversationName(HistoryFixture.userInShardOf(chat.name.userId()), chat.name.conversationId()));
        other.send("m1", null, "Hello");
        chat.started("r-m1", 1, WORKER);
        other.started("r-m1", 1, OTHER);
        List<ReplyEvent> delivery = new ArrayList<>();
        for (int n = 0; n < 50; n++) { // more than one script takes
            delivery.add(new ReplyDelta(chat.reply("r-m1"), 1, WORKER, n, n, "a"));
            delivery.add(new ReplyDelta(other.reply("r-m1"), 1, OTHER, n, n, "b"));
        }
        delivery.add(new ReplyDelta(chat.reply("r-m1"), 1, OTHER, 50, 50, "not his"));
        delivery.add(new ReplyDelta(chat.reply("r-m1"), 1, WORKER, 3, 3, "a"));
        delivery.add(new ReplyDelta(other.reply("r-m1"), 1, OTHER, 51, 51, "too early"));
        delivery.add(new ReplyDelta(chat.reply("r-unknown"), 1, WORKER, 0, 0, "to nobody"));
        delivery.add(new ReplyCompleted(chat.reply("r-m1"), 1, WORKER, "a".repeat(50), null));
        delivery.add(new ReplyDelta(chat.reply("r-m1"), 1, WORKER, 50, 50, "too late"));

        List<Outcome> outcomes = chat.replies.apply(delivery, false).stream()
                .map(Applied::outcome)
                .toList();

        assertThat(outcomes.subList(0, 100)).containsOnly(Outcome.APPLIED);
        assertThat(outcomes.subList(100, outcomes.size()))
                .containsExactly(
                        Outcome.FENCED, Outcome.REPEAT, Outcome.GAP, Outcome.ENDED, Outcome.APPLIED, Outcome.ENDED);
        assertThat(chat.log()).hasSize(54).last().isEqualTo("reply.completed r-m1 " + "a".repeat(50));
        assertThat(other.log()).hasSize(53);
        assertThat(other.snapshot().replies().getFirst().text()).isEqualTo("b".repeat(50));
    }

    @Test
    void losesNoTextWhenTheStoreHasForgottenItsScripts() {
        chat.started("r-m1", 1, WORKER);
        chat.raw().scriptFlush();
        chat.heartbeat("r-m1", 1, WORKER);

        List<Applied> applied = chat.replies.apply(
                List.of(
                        new ReplyDelta(chat.reply("r-m1"), 1, WORKER, 0, 0, "Half"),
                        new AttemptFailed(chat.reply("r-m1"), 1, WORKER, FailureCode.KEY_REFUSED, null)),
                false);

        assertThat(applied).extracting(Applied::outcome).containsOnly(Outcome.APPLIED);
        assertThat(chat.log()).endsWith("reply.delta 0 Half", "reply.failed r-m1 Half");
    }

    @Test
    void dropsADeltaAfterAGapAndIsHealedByTheFinalEvent() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "One ");

        assertThat(chat.delta("r-m1", 1, WORKER, 2, 8, "three")).isEqualTo(Outcome.GAP);
        assertThat(chat.snapshot().replies().getFirst().text()).isEqualTo("One ");
        chat.completed("r-m1", 1, WORKER, "One two three");

        assertThat(chat.log()).last().isEqualTo("reply.completed r-m1 One two three");
    }

    @Test
    void fencesEveryWordOfAnotherWorker() {
        chat.started("r-m1", 1, WORKER);

        assertThat(chat.started("r-m1", 1, OTHER)).isEqualTo(Outcome.FENCED);
        assertThat(chat.delta("r-m1", 1, OTHER, 0, 0, "No")).isEqualTo(Outcome.FENCED);
        assertThat(chat.heartbeat("r-m1", 1, OTHER)).isEqualTo(Outcome.FENCED);
        assertThat(chat.completed("r-m1", 1, OTHER, "No").outcome()).isEqualTo(Outcome.FENCED);
        assertThat(chat.failed("r-m1", 1, OTHER, FailureCode.KEY_REFUSED, null).outcome())
                .isEqualTo(Outcome.FENCED);
        assertThat(chat.delta("r-m1", 1, WORKER, 0, 0, "Yes")).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void fencesEveryWordOfAnOlderAttempt() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "Old");
        chat.failed("r-m1", 1, WORKER, FailureCode.DRAINED, null);
        chat.started("r-m1", 2, OTHER);

        assertThat(chat.started("r-m1", 1, WORKER)).isEqualTo(Outcome.FENCED);
        assertThat(chat.delta("r-m1", 1, WORKER, 1, 3, " words")).isEqualTo(Outcome.FENCED);
        assertThat(chat.completed("r-m1", 1, WORKER, "Old words").outcome()).isEqualTo(Outcome.FENCED);
        assertThat(chat.seenAgain("r-m1", 1).outcome()).isEqualTo(Outcome.FENCED);
        chat.completed("r-m1", 2, OTHER, "New");
        assertThat(chat.log()).last().isEqualTo("reply.completed r-m1 New");
    }

    @Test
    void hearsNoWorkerBeforeItHasStarted() {
        assertThat(chat.delta("r-m1", 1, WORKER, 0, 0, "Hi")).isEqualTo(Outcome.FENCED);
        assertThat(chat.completed("r-m1", 1, WORKER, "Hi").outcome()).isEqualTo(Outcome.FENCED);
        assertThat(chat.snapshot().replies()).hasSize(1);
    }

    @Test
    void takesAnAttemptThatIsNewerThanTheStore() {
        assertThat(chat.started("r-m1", 4, WORKER)).isEqualTo(Outcome.APPLIED);
        assertThat(chat.started("r-m1", 1, OTHER)).isEqualTo(Outcome.FENCED);
        assertThat(chat.sets()).containsExactly(List.of(), List.of(), List.of("r-m1/4"));
    }

    @Test
    void takesAWorkerInMidStreamOfANewerAttemptAndHealsAtItsEnd() {
        assertThat(chat.delta("r-m1", 3, WORKER, 7, 40, "tail")).isEqualTo(Outcome.GAP);
        assertThat(chat.completed("r-m1", 3, WORKER, "head and tail").outcome()).isEqualTo(Outcome.APPLIED);

        assertThat(chat.log()).containsSequence("reply.started r-m1/3", "reply.completed r-m1 head and tail");
    }

    @Test
    void givesTheNextMessageItsTurn() {
        chat.send("m2", "r-m1", "And then?");
        chat.started("r-m1", 1, WORKER);

        Applied ended = chat.completed("r-m1", 1, WORKER, "Hi");

        assertThat(ended.offers()).containsExactly(new Offer(chat.reply("r-m2"), 1, false, 0));
        assertThat(chat.sets()).containsExactly(List.of("r-m2/1"), List.of(), List.of());
        assertThat(chat.started("r-m2", 1, WORKER)).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void doesNotHearAReplyThatWaitsForItsTurn() {
        chat.send("m2", "r-m1", "And then?");

        assertThat(chat.started("r-m2", 1, WORKER)).isEqualTo(Outcome.ENDED);
        assertThat(chat.sets().get(2)).isEmpty();
    }

    @Test
    void retriesAfterTheTimeThatTheProviderAsksFor() {
        chat.started("r-m1", 1, WORKER);
        long before = chat.replies.now().toEpochMilli();

        Applied failed = chat.failed("r-m1", 1, WORKER, FailureCode.RATE_LIMITED, Duration.ofSeconds(7));

        long after = chat.replies.now().toEpochMilli();
        assertThat(failed.offers()).isEmpty();
        OpenReply reply = chat.snapshot().replies().getFirst();
        assertThat(reply.state()).isEqualTo(OpenReply.State.RETRYING);
        assertThat(reply.code()).isEqualTo("provider_rate_limited");
        assertThat(reply.cause()).isEqualTo("rate_limited");
        assertThat(reply.attempt()).isEqualTo(2);
        assertThat(reply.retryAt().toEpochMilli()).isBetween(before + 7000, after + 7000);
        assertThat(chat.log()).last().isEqualTo("reply.retrying r-m1/1 provider_rate_limited");
        Offer.Entry entry = new Offer.Entry(chat.reply("r-m1"), 2);
        assertThat(chat.replies.lease(entry)).isEmpty();
        assertThat(chat.replies.dueOutbox(Instant.ofEpochMilli(after + 7000), 10_000))
                .contains(entry);
    }

    @Test
    void writesTheTimeOfTheNextTryAsIso8601() {
        chat.started("r-m1", 1, WORKER);
        chat.failed("r-m1", 1, WORKER, FailureCode.RATE_LIMITED, Duration.ofDays(400));

        LogEntry last = chat.reader
                .read(chat.name, Cursor.START, 100)
                .orElseThrow()
                .entries()
                .getLast();

        Instant told = Instant.parse(
                HistoryFixture.MAPPER.readTree(last.event()).path("retryAt").asString());
        assertThat(told).isEqualTo(chat.snapshot().replies().getFirst().retryAt());
    }

    @Test
    void keepsTheTextWhileRetryingAndStartsItAnew() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "Half a");
        chat.failed("r-m1", 1, WORKER, FailureCode.BROKEN_OFF, null);
        assertThat(chat.snapshot().replies().getFirst().text()).isEqualTo("Half a");

        chat.started("r-m1", 2, OTHER);
        assertThat(chat.snapshot().replies().getFirst().text()).isEmpty();
        assertThat(chat.delta("r-m1", 2, OTHER, 0, 0, "A whole")).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void saysWhyExactlyWhileRetryingAndNoLongerAfterwards() {
        chat.started("r-m1", 1, WORKER);
        chat.failed("r-m1", 1, WORKER, FailureCode.EMPTY_REPLY, null);
        LogEntry last = chat.reader
                .read(chat.name, Cursor.START, 100)
                .orElseThrow()
                .entries()
                .getLast();
        assertThat(last.event()).contains("\"code\":\"provider_unavailable\"", "\"cause\":\"empty_reply\"");
        assertThat(chat.snapshot().replies().getFirst().cause()).isEqualTo("empty_reply");

        chat.started("r-m1", 2, OTHER);
        assertThat(chat.snapshot().replies().getFirst().cause()).isNull();
        chat.failed("r-m1", 2, OTHER, FailureCode.REPLY_TOO_LONG, null);
        assertThat(chat.snapshot().messages().getLast().json())
                .contains(
                        "\"code\":\"provider_rejected\"",
                        "longer than can be stored",
                        "\"retryable\":false,\"cause\":\"reply_too_long\"");
    }

    @Test
    void failsAtOnceWhereTryingAgainCannotHelp() {
        chat.started("r-m1", 1, WORKER);
        chat.delta("r-m1", 1, WORKER, 0, 0, "Half");

        chat.failed("r-m1", 1, WORKER, FailureCode.KEY_REFUSED, null);

        assertThat(chat.log()).last().isEqualTo("reply.failed r-m1 Half");
        assertThat(chat.snapshot().messages().getLast().json())
                .contains(
                        "\"status\":\"failed\"",
                        "\"code\":\"provider_rejected\"",
                        "OPENAI_API_KEY",
                        "\"retryable\":false");
        assertThat(chat.sets()).containsOnly(List.of());
    }

    @Test
    void failsAfterTheLastStrike() {
        for (int attempt = 1; attempt <= 4; attempt++) {
            chat.started("r-m1", attempt, WORKER);
            chat.failed("r-m1", attempt, WORKER, FailureCode.HUNG, Duration.ZERO);
        }
        chat.started("r-m1", 5, WORKER);
        assertThat(chat.snapshot().replies()).hasSize(1);

        chat.failed("r-m1", 5, WORKER, FailureCode.HUNG, Duration.ZERO);

        assertThat(chat.snapshot().replies()).isEmpty();
        assertThat(chat.snapshot().messages().getLast().json())
                .contains("\"code\":\"timeout\",\"message\"", "\"retryable\":true");
    }

    @Test
    void countsNoStrikeForAProviderThatIsAway() {
        for (int attempt = 1; attempt <= 12; attempt++) {
            chat.started("r-m1", attempt, WORKER);
            chat.failed("r-m1", attempt, WORKER, FailureCode.UNREACHABLE, Duration.ZERO);
        }
        assertThat(chat.snapshot().replies()).hasSize(1);
    }

    @Test
    void backsOffLongerEachTimeUpToABound() {
        HistoryFixture backing =
                new HistoryFixture("first-backoff", "100s", "longest-backoff", "400s", "strikes", "100");
        backing.send("m1", null, "Hello");
        List<Long> waits = Stream.of(1, 2, 3, 4, 5)
                .map(attempt -> {
                    backing.started("r-m1", attempt, WORKER);
                    long before = backing.replies.now().toEpochMilli();
                    backing.failed("r-m1", attempt, WORKER, FailureCode.UNREACHABLE, null);
                    return backing.snapshot().replies().getFirst().retryAt().toEpochMilli() - before;
                })
                .toList();

        assertThat(waits.get(0)).isBetween(50_000L, 120_000L);
        assertThat(waits.get(1)).isBetween(100_000L, 220_000L);
        assertThat(waits.get(4)).isBetween(200_000L, 420_000L);
    }

    @Test
    void startsTheNextAttemptWhenALeaseIsOver() {
        HistoryFixture impatient = new HistoryFixture("lease", "1ms", "longest-way", "1m");
        impatient.send("m1", null, "Hello");
        impatient.started("r-m1", 1, WORKER);
        impatient.delta("r-m1", 1, WORKER, 0, 0, "Half");
        awaitOverdue(impatient, "r-m1/1");

        Applied checked = impatient.apply(new LeaseCheck(impatient.reply("r-m1"), 1, impatient.replies.now()));

        assertThat(checked.offers()).containsExactly(new Offer(impatient.reply("r-m1"), 2, false, 1));
        assertThat(impatient.log()).last().isEqualTo("reply.retrying r-m1/1 internal");
        assertThat(impatient.sets()).containsExactly(List.of("r-m1/2"), List.of(), List.of());
        assertThat(impatient.delta("r-m1", 1, WORKER, 1, 4, " more")).isEqualTo(Outcome.FENCED);
    }

    @Test
    void takesASlowWayForNoDeadWorker() {
        HistoryFixture impatient = new HistoryFixture("lease", "1ms");
        impatient.send("m1", null, "Hello");
        impatient.started("r-m1", 1, WORKER);
        awaitOverdue(impatient, "r-m1/1");

        Applied checked = impatient.apply(new LeaseCheck(
                impatient.reply("r-m1"), 1, impatient.replies.now().minusSeconds(2)));

        assertThat(checked.outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(impatient.delta("r-m1", 1, WORKER, 0, 0, "Still here")).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void leavesAWorkerAloneWhoseLeaseWasRenewedBehindTheCheck() {
        chat.started("r-m1", 1, WORKER);

        assertThat(chat.apply(new LeaseCheck(chat.reply("r-m1"), 1, chat.replies.now()))
                        .outcome())
                .isEqualTo(Outcome.NOTHING);
        assertThat(chat.heartbeat("r-m1", 1, WORKER)).isEqualTo(Outcome.APPLIED);
    }

    @Test
    void failsAReplyThatLosesEveryWorkerAndGoesOnWithTheNext() {
        HistoryFixture impatient = new HistoryFixture("lease", "1ms", "longest-way", "1m");
        impatient.send("m1", null, "Poison");
        impatient.send("m2", "r-m1", "Fine");
        for (int attempt = 1; attempt <= 5; attempt++) {
            impatient.started("r-m1", attempt, new Id("w" + attempt));
            awaitOverdue(impatient, "r-m1/" + attempt);
            impatient.apply(new LeaseCheck(impatient.reply("r-m1"), attempt, impatient.replies.now()));
        }

        assertThat(impatient.log()).contains("reply.failed r-m1 ");
        assertThat(impatient.sets()).containsExactly(List.of("r-m2/1"), List.of(), List.of());
    }

    @Test
    void tellsThePublisherHowManyWorkersAReplyHasLost() {
        HistoryFixture impatient = new HistoryFixture("lease", "1ms", "longest-way", "1m", "outbox-lease", "1ms");
        impatient.send("m1", null, "Hello");
        for (int attempt = 1; attempt <= 2; attempt++) {
            impatient.started("r-m1", attempt, WORKER);
            awaitOverdue(impatient, "r-m1/" + attempt);
            Applied checked =
                    impatient.apply(new LeaseCheck(impatient.reply("r-m1"), attempt, impatient.replies.now()));
            assertThat(checked.offers().getFirst().lostWorkers()).isEqualTo(attempt);
        }
        Offer.Entry entry = new Offer.Entry(impatient.reply("r-m1"), 3);
        await().until(() ->
                impatient.replies.dueOutbox(impatient.replies.now(), 10_000).contains(entry));

        assertThat(impatient.replies.lease(entry).orElseThrow().lostWorkers()).isEqualTo(2);
    }

    @Test
    void startsTheNextAttemptAtOnceWhenAnUnstartedRequestIsSeenAgain() {
        Applied seen = chat.seenAgain("r-m1", 1);

        assertThat(seen.offers()).containsExactly(new Offer(chat.reply("r-m1"), 2, false, 0));
        assertThat(chat.seenAgain("r-m1", 1).outcome()).isEqualTo(Outcome.FENCED);
        assertThat(chat.log()).containsExactly("message.created m1", "reply.queued r-m1");
    }

    @Test
    void cutsTheLeaseOfAWorkerWhoseRequestIsSeenAgain() {
        HistoryFixture patient = new HistoryFixture("lease", "1h", "lease-cut", "1m");
        patient.send("m1", null, "Hello");
        patient.started("r-m1", 1, WORKER);
        Offer.Entry entry = new Offer.Entry(patient.reply("r-m1"), 1);
        Instant before = patient.replies.now();

        patient.seenAgain("r-m1", 1);

        Instant after = patient.replies.now();
        assertThat(patient.replies.overdueLeases(before.plusSeconds(59), 10_000))
                .doesNotContain(entry);
        assertThat(patient.replies.overdueLeases(after.plusSeconds(61), 10_000)).contains(entry);
        patient.heartbeat("r-m1", 1, WORKER);
        assertThat(patient.replies.overdueLeases(after.plusSeconds(61), 10_000)).doesNotContain(entry);
    }

    @Test
    void failsAReplyWhoseRequestComesAgainForEver() {
        HistoryFixture strict = new HistoryFixture("seen-again", "3");
        strict.send("m1", null, "Hello");

        strict.seenAgain("r-m1", 1);
        strict.seenAgain("r-m1", 2);
        strict.seenAgain("r-m1", 3);

        assertThat(strict.log()).last().isEqualTo("reply.failed r-m1 ");
    }

    @Test
    void failsAReplyThatNoModelAnswersBeforeItsDeadline() {
        HistoryFixture strict = new HistoryFixture("deadline", "1ms");
        strict.send("m1", null, "Hello");
        Offer.Entry entry = new Offer.Entry(strict.reply("r-m1"), 1);

        await().until(() -> strict.replies.expire(entry).outcome() == Outcome.APPLIED);
        assertThat(strict.replies.expire(entry).outcome()).isEqualTo(Outcome.ENDED);
        assertThat(chat.replies.expire(new Offer.Entry(chat.reply("r-m1"), 1)).outcome())
                .isEqualTo(Outcome.NOTHING);
        assertThat(strict.log()).last().isEqualTo("reply.failed r-m1 ");
    }

    @Test
    void takesATitleOfTheModelButNeverOverAPersons() {
        assertThat(titled("A greeting").outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(titled("Another").outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(chat.snapshot().conversation().title()).isEqualTo("A greeting");

        HistoryFixture named = new HistoryFixture();
        named.send("m1", null, "Hello");
        named.store.update(named.name, "Mine", null, null, null);
        named.apply(new ConversationTitled(named.reply("r-m1"), 1, WORKER, "The model's"));
        assertThat(named.snapshot().conversation().title()).isEqualTo("Mine");
    }

    @Test
    void survivesThatRedisForgetsItsScripts() {
        chat.raw().scriptFlush();
        assertThat(chat.started("r-m1", 1, WORKER)).isEqualTo(Outcome.APPLIED);
    }

    /** Also between a failed call and its repetition. */
    @Test
    void survivesThatRedisForgetsItsScriptsAllTheTime() {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger flushes = new AtomicInteger();
        Thread flusher = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                chat.raw().scriptFlush();
                flushes.incrementAndGet();
            }
        });
        try {
            await().until(() -> flushes.get() > 10);
            for (int time = 0; time < 300; time++) {
                assertThat(chat.started("r-m1", 1, WORKER)).isIn(Outcome.APPLIED, Outcome.REPEAT);
            }
        } finally {
            done.set(true);
        }
        await().until(() -> !flusher.isAlive());
    }

    private Applied titled(String title) {
        return chat.apply(new ConversationTitled(chat.reply("r-m1"), 1, WORKER, title));
    }

    private static void awaitOverdue(HistoryFixture chat, String member) {
        Offer.Entry entry = Offer.Entry.parse(chat.name + "/" + member);
        await().until(() ->
                chat.replies.overdueLeases(chat.replies.now(), 10_000).contains(entry));
    }
}
