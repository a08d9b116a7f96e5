package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.FailureCode;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import chat.parley.stub.CallRecord;
import chat.parley.stub.OpenAiStub;
import chat.parley.stub.StubReply;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker does when its provider goes away, and when it comes back. */
class OutageIT {
    private OpenAiStub model;
    private Conversation conversation;

    @BeforeEach
    void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        model = OpenAiStub.start(0);
        conversation = new Conversation(RabbitServer.get());
    }

    @AfterEach
    void stop() {
        conversation.close();
        model.close();
    }

    private Worker worker(String... settings) {
        return Worker.start(
                RabbitServer.get(),
                Stream.concat(Stream.of("OPENAI_BASE_URL=" + model.baseUrl()), Stream.of(settings))
                        .toArray(String[]::new));
    }

    private List<ReplyRequested> ask(int requests, String behavior) {
        List<ReplyRequested> asked = IntStream.range(0, requests)
                .mapToObj(number -> Requests.of("Number " + number + " [[" + behavior + "]]"))
                .toList();
        conversation.ask(asked);
        return asked;
    }

    private void awaitEnd(List<ReplyRequested> requests) {
        await().until(() -> requests.stream().allMatch(this::isEnded));
    }

    /** Also if it came to consumers that just stopped, and went back: then Conversation would begin another attempt. */
    private boolean isEnded(ReplyRequested request) {
        return conversation.isEnded(request.reply(), 1)
                || conversation.events(request.reply()).contains(new RequestSeenAgain(request.reply(), 1));
    }

    private void assertWhole(List<ReplyRequested> requests) {
        for (ReplyRequested request : requests) {
            String whole = StubReply.of(request.messages().getLast().text()).text();
            assertThat(conversation.events(request.reply()))
                    .noneMatch(RequestSeenAgain.class::isInstance)
                    .last()
                    .isInstanceOf(ReplyCompleted.class);
            assertThat(conversation.text(request.reply(), 1)).isEqualTo(whole);
        }
    }

    private void assertUnreachable(List<ReplyRequested> requests) {
        for (ReplyRequested request : requests) {
            ReplyEvent last = conversation.events(request.reply()).getLast();
            assertThat(last)
                    .isInstanceOfSatisfying(
                            AttemptFailed.class,
                            failed -> assertThat(failed.code()).isEqualTo(FailureCode.UNREACHABLE));
        }
    }

    @Test
    void finishesItsCallsInFlightWhenItTakesNoMoreRequests() {
        try (Worker worker = worker(
                "ASSISTANT_CONCURRENCY=11",
                "parley.assistant.breaker.probe-after=40s",
                "parley.assistant.timeouts.first-token=2m")) {
            List<ReplyRequested> writing = ask(5, "rate=10 tokens=300");
            List<ReplyRequested> starting = ask(5, "delay=25s tokens=5");
            await().until(() -> model.stats().open() == 10
                    && writing.stream()
                            .noneMatch(request ->
                                    conversation.text(request.reply(), 1).isEmpty()));
            List<ReplyRequested> failing = ask(4, "fail=500");
            awaitEnd(failing);
            List<ReplyRequested> late = ask(1, "tokens=5");
            await().until(() -> conversation.ready(Topology.REQUEST_QUEUE) == 1);
            assertThat(Stream.concat(writing.stream(), starting.stream()))
                    .as("this test needs them to be in flight")
                    .noneMatch(request -> conversation.isEnded(request.reply(), 1));

            awaitEnd(writing);
            awaitEnd(starting);
            awaitEnd(late);
            assertUnreachable(failing);
            assertWhole(writing);
            assertWhole(starting);
            assertWhole(late);
            assertThat(model.stats().calls()).isEqualTo(15);
            assertThat(model.stats().aborted()).isZero();
            await().until(() -> worker.running() == 0 && conversation.ready(Topology.REQUEST_QUEUE) == 0);
        }
    }

    @Test
    void givesEachCallBackThatFailsWithTheOthersInFlight() {
        try (Worker worker = worker("ASSISTANT_CONCURRENCY=10", "parley.assistant.breaker.probe-after=1m")) {
            await().until(() -> conversation.consumers(Topology.REQUEST_QUEUE) == 10);
            List<ReplyRequested> failing = ask(10, "fail=500 delay=5s");

            awaitEnd(failing);
            assertUnreachable(failing);
            await().until(() -> conversation.consumers(Topology.REQUEST_QUEUE) == 0);
            await().until(() -> worker.running() == 0);
            assertThat(conversation.ready(Topology.REQUEST_QUEUE)).isZero();
            assertThat(model.stats().calls()).isEqualTo(10);
        }
    }

    @Test
    void goesOnTakingRequestsFromAProviderThatAsksToWait() {
        try (Worker worker = worker("ASSISTANT_CONCURRENCY=2", "parley.assistant.breaker.failures=2")) {
            List<ReplyRequested> limited = ask(10, "fail=429 retry-after=7");
            List<ReplyRequested> fence = ask(1, "tokens=3");
            awaitEnd(limited);
            awaitEnd(fence);

            assertThat(model.stats().byFault()).containsEntry("429", 10);
            assertWhole(fence);
            assertThat(conversation.announcements(worker.id())).allMatch(WorkerAnnounced::providerUp);
        }
    }

    @Test
    void neverCallsTwiceAtOnceWithOneSlotThoughTheProbeStillStreams() {
        try (Worker _ = worker(
                "ASSISTANT_CONCURRENCY=1",
                "parley.assistant.breaker.failures=2",
                "parley.assistant.breaker.probe-after=1s")) {
            awaitEnd(ask(2, "fail=500"));
            List<ReplyRequested> probe = ask(1, "rate=10 tokens=30");
            List<ReplyRequested> after = ask(3, "tokens=5");

            awaitEnd(probe);
            awaitEnd(after);
            assertWhole(probe);
            assertWhole(after);
            assertThat(model.stats().maxOpen()).isEqualTo(1);
        }
    }

    @Test
    void hasNoMoreCallsAtOnceHoweverOftenTheProviderWentAndCameBack() {
        try (Worker _ = worker(
                "ASSISTANT_CONCURRENCY=3",
                "RESUME_RATE=100000",
                "parley.assistant.breaker.failures=2",
                "parley.assistant.breaker.probe-after=100ms")) {
            for (int outage = 0; outage < 5; outage++) {
                awaitEnd(ask(20, "fail=500"));
                awaitEnd(ask(5, "tokens=2"));
            }
            model.reset();
            awaitEnd(ask(30, "delay=200ms tokens=2"));

            assertThat(model.stats().maxOpen()).isEqualTo(3);
        }
    }

    @Test
    void callsAtItsRateWhenTheProviderIsBackAndWithoutALimitOnceThatIsDone() {
        try (Worker _ = worker(
                "ASSISTANT_CONCURRENCY=20",
                "RESUME_RATE=5",
                "parley.assistant.resume.calm=500ms",
                "parley.assistant.breaker.failures=2",
                "parley.assistant.breaker.probe-after=3s")) {
            model.behave("fail=500");
            awaitEnd(ask(2, ""));
            List<ReplyRequested> waiting = ask(20, "tokens=3");
            List<ReplyRequested> titled = IntStream.range(0, 3)
                    .mapToObj(number -> Requests.wantingTitle(Requests.of("Title " + number + " [[tokens=3]]")))
                    .toList();
            conversation.ask(titled);
            model.behave("fail=none");

            awaitEnd(waiting);
            awaitEnd(titled);
            await().until(() -> model.stats().titleCalls() == 3);
            assertRate(5, answeredCalls());

            await().until(this::callsTwentyAtOnce);
        }
    }

    /** At the rate there could not be as many before the first one ends. */
    private boolean callsTwentyAtOnce() {
        model.reset();
        awaitEnd(ask(20, "delay=3s tokens=2"));
        return model.stats().maxOpen() == 20;
    }

    private List<Instant> answeredCalls() {
        return model.calls(1_000).stream()
                .filter(call -> call.fault() == null)
                .map(CallRecord::at)
                .sorted()
                .toList();
    }

    /**
     * From the first call on, whose answer starts the rate: one that is late on its way here is not to make the time to
     * those after it too short.
     */
    private static void assertRate(int perSecond, List<Instant> calls) {
        assertThat(calls).hasSizeGreaterThan(perSecond);
        for (int call = perSecond; call < calls.size(); call++) {
            assertThat(Duration.between(calls.getFirst(), calls.get(call)))
                    .as("from the first call to the %sth after it", call)
                    .isGreaterThan(Duration.ofSeconds(call / perSecond));
        }
    }
}
