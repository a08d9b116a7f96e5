package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.FailureCode;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import chat.parley.stub.OpenAiStub;
import chat.parley.stub.StubReply;
import chat.parley.testing.servers.FreePorts;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers do at their ends, and at the ends of others: stop, load, provider and broker that go and come back. */
class WorkerLifeIT {
    private OpenAiStub model;

    @BeforeEach
    void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        // One of the test's own, so that nothing else takes it while the model is away.
        model = OpenAiStub.start(FreePorts.next());
    }

    @AfterEach
    void stop() {
        model.close();
    }

    private Worker worker(RabbitServer broker, String... settings) {
        return Worker.start(
                broker,
                Stream.concat(Stream.of("OPENAI_BASE_URL=" + model.baseUrl()), Arrays.stream(settings))
                        .toArray(String[]::new));
    }

    @Test
    @Tag("kills-servers")
    void goesOnWithTheSameAttemptWhenTheBrokerIsKilledInMidReply(@TempDir Path dir) throws Exception {
        try (RabbitServer broker = RabbitServer.startPrivate(dir);
                Conversation conversation = new Conversation(broker);
                Worker worker = worker(broker)) {
            broker.settle();
            ReplyRequested request = Requests.of("Long [[rate=10 tokens=150]]");
            conversation.ask(request);
            await().until(() -> !conversation.text(request.reply(), 1).isEmpty());
            assertThat(health(worker, "readiness")).isEqualTo(200);

            broker.kill();
            await().until(() -> health(worker, "readiness") == 503);
            assertThat(health(worker, "liveness")).isEqualTo(200);
            broker.restart();
            conversation.reconnect();

            await().until(() -> conversation.isEnded(request.reply(), 1));
            assertThat(conversation.events(request.reply()))
                    .filteredOn(ReplyCompleted.class::isInstance)
                    .extracting(event -> ((ReplyCompleted) event).text())
                    .containsOnly(text(request));
            assertThat(conversation.text(request.reply(), 1)).isEqualTo(text(request));
            await().until(() ->
                    conversation.events(request.reply()).contains(new RequestSeenAgain(request.reply(), 1)));
            await().until(() -> conversation.ready(Topology.REQUEST_QUEUE) == 0);
            assertThat(model.stats().calls()).isEqualTo(1);
            assertThat(health(worker, "readiness")).isEqualTo(200);
        }
    }

    private static int health(Worker worker, String group) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + worker.managementPort() + "/actuator/health/" + group);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void runsFiveHundredCallsAtOnce() {
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker worker = worker(
                        RabbitServer.get(), "ASSISTANT_CONCURRENCY=500", "parley.assistant.timeouts.first-token=2m")) {
            List<ReplyRequested> requests = IntStream.range(0, 500)
                    .mapToObj(number -> Requests.of("Number " + number + " [[delay=25s rate=5 tokens=30]]"))
                    .toList();
            await().until(() -> conversation.consumers(Topology.REQUEST_QUEUE) == 500);
            conversation.ask(requests);

            await().until(() -> model.stats().maxOpen() == 500);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
                    .as("threads of the operating system, in which virtual ones don't count")
                    .isLessThan(250);
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> requests.stream().allMatch(request -> conversation.isEnded(request.reply(), 1)));
            for (ReplyRequested request : requests) {
                assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
                assertThat(conversation.text(request.reply(), 1)).isEqualTo(text(request));
            }
            assertThat(model.stats().calls()).isEqualTo(500);
            await().until(() -> worker.running() == 0);
        }
    }

    @Test
    void completesAnAnswerOfMoreThanAMinute() {
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker worker = worker(RabbitServer.get())) {
            ReplyRequested request = Requests.of("Slowly [[rate=1 tokens=65]]");
            conversation.ask(request);

            await().atMost(Duration.ofMinutes(2)).until(() -> conversation.isEnded(request.reply(), 1));
            assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
            assertThat(conversation.text(request.reply(), 1)).isEqualTo(text(request));
            await().until(() -> worker.running() == 0);
        }
    }

    @Test
    void finishesItsRepliesBeforeItStops() {
        try (Conversation conversation = new Conversation(RabbitServer.get())) {
            ReplyRequested request = Requests.of("To the end [[rate=20 tokens=200]]");
            try (Worker worker = worker(RabbitServer.get())) {
                conversation.ask(request);
                await().until(() -> !conversation.text(request.reply(), 1).isEmpty());
                CompletableFuture<Void> stopped = CompletableFuture.runAsync(worker::stop);
                await().until(() -> conversation.announcements(worker.id()).stream()
                        .anyMatch(announcement -> announcement.stopping()));
                ReplyRequested late = Requests.of("Too late [[tokens=2]]");
                conversation.ask(late);
                stopped.join();
                assertThat(conversation.isStarted(late.reply())).isFalse();
            }
            await().until(() -> conversation.isEnded(request.reply(), 1));
            assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
            await().until(() -> conversation.ready(Topology.REQUEST_QUEUE) == 1);
        }
    }

    @Test
    void givesBackWhatItCannotFinishBeforeItStops() {
        try (Conversation conversation = new Conversation(RabbitServer.get())) {
            ReplyRequested request = Requests.of("Too long [[rate=10 tokens=3000]]");
            try (Worker _ = worker(RabbitServer.get(), "parley.assistant.drain=500ms")) {
                conversation.ask(request);
                await().until(() -> !conversation.text(request.reply(), 1).isEmpty());
            }
            await().until(() -> conversation.isEnded(request.reply(), 1));
            assertThat(failure(conversation, request)).isEqualTo(FailureCode.DRAINED);
            assertThat(conversation.ready(Topology.REQUEST_QUEUE)).isZero();
            await().untilAsserted(() -> assertThat(model.stats().open()).isZero());
        }
    }

    @Test
    void leavesRequestsInTheQueueWhileTheProviderIsDownAndGoesOnWhenItIsBack() throws IOException {
        int port = model.port();
        model.close();
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker worker = worker(
                        RabbitServer.get(),
                        "ASSISTANT_CONCURRENCY=1",
                        "parley.assistant.breaker.failures=3",
                        "parley.assistant.breaker.probe-after=15s")) {
            List<ReplyRequested> requests = IntStream.range(0, 6)
                    .mapToObj(number -> Requests.of("Number " + number + " [[tokens=5]]"))
                    .toList();
            conversation.ask(requests);

            for (ReplyRequested request : requests.subList(0, 3)) {
                await().until(() -> conversation.isEnded(request.reply(), 1));
                assertThat(failure(conversation, request)).isEqualTo(FailureCode.UNREACHABLE);
            }
            await().until(() -> conversation.ready(Topology.REQUEST_QUEUE) == 3);
            await().until(() -> conversation.consumers(Topology.REQUEST_QUEUE) == 0);
            await().until(() -> conversation.announcements(worker.id()).stream()
                    .anyMatch(announcement -> !announcement.providerUp()));

            model = OpenAiStub.start(port);
            for (ReplyRequested request : requests.subList(3, 6)) {
                await().until(() -> conversation.isEnded(request.reply(), 1));
            }
            assertThat(conversation.events(requests.getLast().reply()).getLast())
                    .isInstanceOf(ReplyCompleted.class);
            await().until(() ->
                    conversation.announcements(worker.id()).getLast().providerUp());
        }
    }

    @Test
    void asksForNoTitleWhereTitlesAreOff() {
        try (Conversation conversation = new Conversation(RabbitServer.get())) {
            ReplyRequested request = Requests.wantingTitle(Requests.of("No name for this [[tokens=2]]"));
            try (Worker _ = worker(RabbitServer.get(), "TITLES=false")) {
                conversation.ask(request);
                await().until(() -> conversation.isEnded(request.reply(), 1));
            }
            // Whoever has stopped has done all that belongs to its requests.
            assertThat(model.stats().titleCalls()).isZero();
            assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
        }
    }

    @Test
    void answersWithTheDemoModelWhenThereIsNoKey() {
        for (String key : List.of("", Provider.PLACEHOLDER_KEY)) {
            try (Conversation conversation = new Conversation(RabbitServer.get());
                    Worker worker = Worker.start(
                            RabbitServer.get(), "OPENAI_API_KEY=" + key, "DEMO_BASE_URL=" + model.baseUrl())) {
                ReplyRequested request = Requests.of("Who answers?");
                conversation.ask(request);

                await().until(() -> conversation.isEnded(request.reply(), 1));
                assertThat(conversation.events(request.reply()).getFirst())
                        .isEqualTo(new ReplyStarted(request.reply(), 1, worker.id(), Provider.DEMO_MODEL));
                assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
                await().until(() -> conversation.announcements(worker.id()).stream()
                        .anyMatch(announcement ->
                                announcement.demo() && announcement.models().equals(List.of(Provider.DEMO_MODEL))));
            }
        }
    }

    @Test
    void failsEachReplyForItsKeyWhenThereIsNeitherAKeyNorADemoModel() {
        try (Conversation conversation = new Conversation(RabbitServer.get());
                Worker _ = worker(RabbitServer.get(), "OPENAI_API_KEY=")) {
            ReplyRequested request = Requests.of("Who answers?");
            conversation.ask(request);

            await().until(() -> conversation.isEnded(request.reply(), 1));
            assertThat(failure(conversation, request)).isEqualTo(FailureCode.KEY_REFUSED);
            assertThat(model.stats().calls()).isZero();
        }
    }

    private static FailureCode failure(Conversation conversation, ReplyRequested request) {
        ReplyEvent last = conversation.events(request.reply()).getLast();
        assertThat(last).isInstanceOf(AttemptFailed.class);
        return ((AttemptFailed) last).code();
    }

    private static String text(ReplyRequested request) {
        return StubReply.of(request.messages().getLast().text()).text();
    }
}
