package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.FailureCode;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.stub.OpenAiStub;
import chat.parley.stub.StubReply;
import chat.parley.testing.servers.FreePorts;
import chat.parley.testing.servers.PrivateCa;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Broker and model with certificates of a private CA for {@code localhost}; the broker asks for the worker's, too. */
@Tag("kills-servers")
@ExtendWith(OutputCaptureExtension.class)
class TlsIT {
    private static final int RABBIT_TLS = FreePorts.next();

    @TempDir
    static Path folder;

    private static PrivateCa ca;
    private static PrivateCa.Pair own;
    private static PrivateCa stranger;
    private static RabbitServer rabbit;
    private static OpenAiStub stub;
    private static TlsFront model;

    @BeforeAll
    static void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        ca = PrivateCa.in(folder.resolve("ca"));
        stranger = PrivateCa.in(folder.resolve("stranger"));
        own = ca.issue("assistant");
        PrivateCa.Pair server = ca.issue("localhost");
        rabbit = RabbitServer.startWithTls(folder.resolve("rabbitmq"), RABBIT_TLS, ca, server);
        stub = OpenAiStub.start(0);
        model = new TlsFront(server, stub.baseUrl());
    }

    @AfterAll
    static void stop() {
        model.close();
        stub.close();
        rabbit.close();
    }

    /** With what would leave out the check of the name, if it could be left out. */
    private static List<String> broker(String host, Path trusted) {
        return List.of(
                "RABBITMQ_HOST=" + host,
                "RABBITMQ_PORT=" + RABBIT_TLS,
                "spring.rabbitmq.ssl.verify-hostname=false",
                "RABBITMQ_TLS=true",
                "RABBITMQ_TLS_CA=" + trusted,
                "RABBITMQ_TLS_CERT=" + own.certificate(),
                "RABBITMQ_TLS_KEY=" + own.key());
    }

    private static List<String> model(String host, Path trusted) {
        return List.of(
                "OPENAI_BASE_URL=https://" + host + ":" + model.port() + "/v1",
                "OPENAI_TLS_CA=" + trusted,
                "parley.assistant.breaker.failures=1000");
    }

    private static Worker start(List<String> broker, List<String> model) {
        List<String> settings = new ArrayList<>(broker);
        settings.addAll(model);
        return Worker.start(rabbit, settings.toArray(String[]::new));
    }

    @Test
    void answersByBoth() {
        try (Conversation conversation = new Conversation(rabbit);
                Worker _ = start(broker("localhost", ca.certificate()), model("localhost", ca.certificate()))) {
            String question = "Tell me of locks [[rate=200]]";

            assertThat(ask(conversation, question))
                    .isInstanceOfSatisfying(
                            ReplyCompleted.class,
                            completed -> assertThat(completed.text())
                                    .isEqualTo(StubReply.of(question).text()));
        }
    }

    private static ReplyEvent ask(Conversation conversation, String question) {
        ReplyRequested request = Requests.of(question);
        conversation.ask(request);
        await().until(() -> conversation.events(request.reply()).stream()
                .anyMatch(event -> event instanceof ReplyCompleted || event instanceof AttemptFailed));
        return conversation.events(request.reply()).getLast();
    }

    @Test
    void sendsNoQuestionToAModelOfAnotherCa() {
        assertNoModel(model("localhost", stranger.certificate()));
    }

    @Test
    void sendsNoQuestionToAModelWhoseCertificateIsForAnotherName() {
        assertNoModel(model("127.0.0.1", ca.certificate()));
    }

    /** As whom Java trusts, which does not know the CA. */
    @Test
    void sendsNoQuestionToAModelOfACaThatItWasNotTold() {
        assertNoModel(List.of("OPENAI_BASE_URL=https://localhost:" + model.port() + "/v1"));
    }

    private static void assertNoModel(List<String> settings) {
        long before = stub.stats().calls();
        try (Conversation conversation = new Conversation(rabbit);
                Worker _ = start(List.of(), settings)) {
            assertThat(ask(conversation, "Who is there?"))
                    .isInstanceOfSatisfying(
                            AttemptFailed.class,
                            failed -> assertThat(failed.code()).isEqualTo(FailureCode.UNREACHABLE));
            assertThat(stub.stats().calls()).isEqualTo(before);
        }
    }

    @Test
    void believesNoBrokerOfAnotherCa(CapturedOutput output) {
        assertNoBroker(broker("localhost", stranger.certificate()), output, "Path does not chain");
    }

    @Test
    void believesNoBrokerWhoseCertificateIsForAnotherName(CapturedOutput output) {
        assertNoBroker(broker("127.0.0.1", ca.certificate()), output, "No subject alternative names match");
    }

    @Test
    void doesNotFallBackToABrokerWithoutTls(CapturedOutput output) {
        List<String> settings = new ArrayList<>(broker("localhost", ca.certificate()));
        settings.add("RABBITMQ_PORT=" + rabbit.port());

        assertNoBroker(settings, output, "Unsupported or unrecognized SSL message");
    }

    /** The worker runs, waits for the broker, and says why. */
    private static void assertNoBroker(List<String> settings, CapturedOutput output, String why) {
        try (Worker _ = start(settings, List.of())) {
            await().until(() -> output.getOut().contains("RabbitMQ can't be used"));
            assertThat(output.getOut()).containsPattern("RabbitMQ can't be used with TLS.*" + why);
        }
    }
}
