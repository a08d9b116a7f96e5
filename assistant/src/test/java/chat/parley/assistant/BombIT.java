package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.FailureCode;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.testing.servers.RabbitServer;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A provider's answer that is small on its way and a gigabyte when it is unpacked ends that call, and not the worker.
 */
class BombIT {
    private static BombingProvider provider;
    private static Worker worker;
    private Conversation conversation;

    @BeforeAll
    static void start() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        provider = BombingProvider.start();
        worker = Worker.start(RabbitServer.get(), "OPENAI_BASE_URL=" + provider.baseUrl());
    }

    @AfterAll
    static void stop() {
        worker.close();
        provider.close();
    }

    @BeforeEach
    void listen() {
        conversation = new Conversation(RabbitServer.get());
    }

    @AfterEach
    void hangUp() {
        await().until(() -> worker.running() == 0);
        conversation.close();
    }

    @ParameterizedTest
    @CsvSource({"Send one line, REPLY_TOO_LONG", "Send one event, REPLY_TOO_LONG", "Send an error, REQUEST_REJECTED"})
    void failsTheAttemptAndNothingElse(String question, FailureCode code) {
        ReplyRequested bombed = ask(Requests.of(question));

        assertThat(conversation.events(bombed.reply()).getLast())
                .isEqualTo(new AttemptFailed(bombed.reply(), 1, worker.id(), code, null));
        assertThat(conversation.events(ask(Requests.of("Hello")).reply()).getLast())
                .isInstanceOf(ReplyCompleted.class);
    }

    @Test
    void leavesAReplyWithoutATitle() {
        ReplyRequested request = ask(Requests.wantingTitle(Requests.of("Hello")));
        await().until(() -> worker.running() == 0);

        assertThat(conversation.events(request.reply()).getLast()).isInstanceOf(ReplyCompleted.class);
        assertThat(conversation.events(ask(Requests.of("Hello")).reply()).getLast())
                .isInstanceOf(ReplyCompleted.class);
    }

    private ReplyRequested ask(ReplyRequested request) {
        conversation.ask(request);
        await().until(() -> conversation.isEnded(request.reply(), 1));
        return request;
    }
}
