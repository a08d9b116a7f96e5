package chat.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.client.Chat;
import chat.parley.e2e.client.Message;
import chat.parley.e2e.client.ParleyClient;
import chat.parley.e2e.client.RefusedException;
import chat.parley.e2e.client.Reply;
import chat.parley.e2e.client.Seen;
import chat.parley.e2e.client.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people do, over the socket. */
@Tag("url")
@ExtendWith(LogsOnFailure.class)
class ProtocolE2E {
    private ParleyClient client;

    @BeforeEach
    void connect() {
        client = ParleyClient.connect(Target.url());
    }

    @AfterEach
    void nothingWasWrong() {
        client.chats()
                .forEach(chat -> chat.open()
                        .forEach(reply -> chat.cancel(reply.replyId()).join()));
        client.check();
        client.close();
    }

    /** A question whose answer takes seconds: by its directives from the stub, by its words from the demo model. */
    private static String slowly(String words) {
        return slowly(words, 120);
    }

    private static String slowly(String words, int tokens) {
        return "Tell me a long story about " + words + " [[rate=20 tokens=" + tokens + "]]";
    }

    private static void assertAnswers(Chat chat, Turn turn) {
        Message reply = chat.awaitCompleted(turn);
        assertThat(reply.text()).isNotBlank();
        if (Target.model().isPresent()) {
            assertThat(reply.text()).isEqualTo(chat.expected(turn, Invariants.STUB_TOKENS));
        }
        assertThat(chat.differencesFromApi()).isEmpty();
    }

    /** Waits for all of them first: the API is compared with what was seen, and must not be a step ahead. */
    private static void assertAnswers(Chat chat, List<Turn> turns) {
        turns.forEach(chat::awaitCompleted);
        turns.forEach(turn -> assertAnswers(chat, turn));
    }

    private static String codeOf(Turn turn) {
        return code(() -> turn.accepted().join());
    }

    static String code(Runnable request) {
        Throwable refusal = Assertions.catchThrowable(request::run);
        assertThat(refusal).isInstanceOf(CompletionException.class).hasCauseInstanceOf(RefusedException.class);
        return ((RefusedException) refusal.getCause()).code();
    }

    @Test
    void streamsAReplyPieceByPieceAndHistoryShowsTheSame() {
        Chat chat = client.newChat();
        Turn turn = chat.say(slowly("rivers"));

        assertAnswers(chat, turn);
        assertThat(chat.message(turn.messageId()).orElseThrow().text()).isEqualTo(slowly("rivers"));
        assertThat(chat.seen().stream().filter(seen -> seen.is("reply.delta", turn.replyId())))
                .hasSizeGreaterThan(5);
        assertThat(chat.attempts(turn)).isEqualTo(1);
    }

    @Test
    void answersWithTheWholeConversationInMind() {
        Chat chat = client.newChat();
        for (String question : List.of("What is a harbor?", "And a bridge?", "Which is older? 🙂")) {
            assertAnswers(chat, chat.say(question));
        }
        assertThat(chat.messages()).hasSize(6);
    }

    @Test
    void answersMessagesSentMeanwhileInTheirOrder() {
        Chat chat = client.newChat();
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            turns.add(chat.say("Question " + i + " [[rate=60]]"));
        }
        assertAnswers(chat, turns);

        assertThat(chat.seen().stream()
                        .filter(seen -> seen.type().equals("reply.completed"))
                        .map(seen -> seen.event().path("replyId").asString()))
                .containsExactlyElementsOf(turns.stream().map(Turn::replyId).toList());
    }

    @Test
    void takesAChainThatWasWrittenDownWhileOffline() {
        Chat chat = client.newChat();
        chat.awaitSubscribed();
        List<Turn> turns = new ArrayList<>();
        try (var _ = client.offline()) {
            for (int i = 0; i < 3; i++) {
                turns.add(chat.say("Offline question " + i));
            }
        }
        assertAnswers(chat, turns);
        assertThat(chat.path(turns.getLast().replyId())).hasSize(6);
    }

    @Test
    void givesAnotherAnswerBesideTheFirst() {
        Chat chat = client.newChat();
        Turn first = chat.say("What is a paper boat?");
        chat.awaitCompleted(first);
        Turn second = chat.regenerate(first.messageId());

        assertAnswers(chat, second);
        assertThat(chat.message(second.replyId()).orElseThrow().parentId()).isEqualTo(first.messageId());
        assertThat(chat.message(first.replyId())).isPresent();
        assertThat(chat.messages()).hasSize(3);
    }

    @Test
    void keepsAnEditedQuestionBesideTheOldOne() {
        Chat chat = client.newChat();
        Turn old = chat.say(null, "What is a blue boat?");
        chat.awaitCompleted(old);
        Turn edited = chat.say(null, "What is a green boat?");

        assertAnswers(chat, edited);
        assertThat(chat.path(edited.replyId())).hasSize(2);
    }

    @Test
    void stopsAReplyThatIsBeingWrittenAndKeepsWhatWasShown() {
        Chat chat = client.newChat();
        Turn turn = chat.say(slowly("ships"));
        chat.awaitText(turn, 20);
        chat.cancel(turn.replyId()).join();
        Message stopped = chat.awaitEnd(turn);

        assertThat(stopped.status()).isEqualTo(Message.Status.CANCELLED);
        assertThat(stopped.text()).hasSizeGreaterThanOrEqualTo(20);
        chat.cancel(turn.replyId()).join();
        assertAnswers(chat, chat.say("Go on"));
        assertThat(chat.message(turn.replyId()).orElseThrow()).isEqualTo(stopped);
    }

    @Test
    void stopsAReplyThatWaitsForItsTurn() {
        Chat chat = client.newChat();
        Turn written = chat.say(slowly("towers"));
        Turn waiting = chat.say("Never mind");
        Turn last = chat.say("Are you there?");
        chat.awaitText(written, 1);
        chat.awaitAccepted(waiting);
        chat.cancel(waiting.replyId()).join();

        assertThat(chat.awaitEnd(waiting).status()).isEqualTo(Message.Status.CANCELLED);
        assertThat(chat.message(waiting.replyId()).orElseThrow().text()).isEmpty();
        assertThat(chat.message(written.replyId())).isEmpty();
        assertAnswers(chat, List.of(written, last));
    }

    @Test
    void takesARepeatForWhatItIs() {
        Chat chat = client.newChat();
        String message = UUID.randomUUID().toString();
        String reply = UUID.randomUUID().toString();
        Turn first = chat.send(message, null, "Once", reply);
        Turn again = chat.send(message, null, "Once", reply);
        assertAnswers(chat, first);
        Turn late = chat.send(message, null, "Once", reply);

        assertThat(again.accepted().join().path("seq"))
                .isEqualTo(first.accepted().join().path("seq"));
        assertThat(late.accepted().join().path("seq"))
                .isEqualTo(first.accepted().join().path("seq"));
        assertThat(chat.messages()).hasSize(2);
        Target.model()
                .ifPresent(model -> assertThat(
                                chat.seen().stream().filter(seen -> seen.type().equals("reply.queued")))
                        .hasSize(1));
    }

    @Test
    void givesTheSameIdToAReplyThatTheClientDidNotName() {
        Chat chat = client.newChat();
        chat.awaitSubscribed();
        Turn turn = chat.say("Something");
        chat.awaitCompleted(turn);

        assertThat(chat.regenerate(turn.messageId())
                        .accepted()
                        .join()
                        .path("messageId")
                        .asString())
                .isEqualTo(turn.messageId());
    }

    @Test
    void refusesAnIdWithOtherContentAndAParentThatIsNone() {
        Chat chat = client.newChat();
        Turn turn = chat.say("First");
        chat.awaitCompleted(turn);

        assertThat(codeOf(chat.send(turn.messageId(), null, "Second", turn.replyId())))
                .isEqualTo("conflict");
        assertThat(codeOf(chat.send(turn.messageId(), turn.replyId(), "First", turn.replyId())))
                .isEqualTo("conflict");
        assertThat(codeOf(chat.say("nobody", "Third"))).isEqualTo("conflict");
        assertThat(codeOf(chat.say(turn.messageId(), "Fourth"))).isEqualTo("conflict");
        assertThat(codeOf(chat.regenerate(turn.replyId()))).isEqualTo("bad_request");
        assertThat(codeOf(chat.regenerate("nobody"))).isEqualTo("not_found");
        assertThat(code(() -> chat.cancel("nobody").join())).isEqualTo("not_found");
        assertThat(chat.messages()).hasSize(2);
    }

    @Test
    void showsTwoTabsTheSame() {
        Chat chat = client.newChat();
        Turn turn = chat.say(slowly("windows"));
        chat.awaitText(turn, 10);
        try (ParleyClient tab = ParleyClient.connect(client.session())) {
            Chat other = tab.chat(chat.id());
            assertAnswers(chat, turn);

            assertThat(other.awaitCompleted(turn)).isEqualTo(chat.awaitCompleted(turn));
            Turn answer = other.say("From the other tab");
            assertAnswers(other, answer);
            assertThat(chat.awaitCompleted(answer)).isEqualTo(other.awaitCompleted(answer));
            tab.check();
        }
    }

    @Test
    void goesOnWhereItWasAfterALostConnection() {
        Chat chat = client.newChat();
        Turn turn = chat.say(slowly("bridges", 300));
        for (int units = 20; units <= 100; units += 40) {
            chat.awaitText(turn, units);
            int before = client.welcomes();
            client.drop();
            // The text may be there already: without a new connection there would be none to lose.
            client.await("back", () -> client.welcomes() > before);
        }
        assertAnswers(chat, turn);

        assertThat(client.welcomes()).isEqualTo(4);
        assertThat(chat.snapshots()).isEqualTo(1);
        assertThat(chat.attempts(turn)).isEqualTo(1);
    }

    @Test
    void writesOnWhileNoOneLooks() {
        Chat chat = client.newChat();
        Turn turn = chat.say(slowly("lanterns"));
        chat.awaitText(turn, 10);
        try (var _ = client.offline();
                ParleyClient watcher = ParleyClient.connect(client.session())) {
            watcher.chat(chat.id()).awaitCompleted(turn);
        }
        assertAnswers(chat, turn);
        assertThat(chat.snapshots()).isEqualTo(1);
    }

    @Test
    void startsTheAnswerWithinItsTurnForManyConversationsAtOnce() {
        List<Chat> chats = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chats.add(client.newChat());
            turns.add(chats.getLast().say("Conversation " + i + " [[rate=100]]"));
        }
        for (int i = 0; i < chats.size(); i++) {
            assertAnswers(chats.get(i), turns.get(i));
        }
    }

    @Test
    void namesANewConversationAfterItsFirstReply() {
        Chat chat = client.newChat();
        Turn turn = chat.say("Small boats on a wide river near the old town");
        assertAnswers(chat, turn);
        String title = Target.model().isPresent() ? "About Small boats on a wide river" : "";

        client.await(
                "a title",
                () -> client.notices().stream()
                        .filter(notice -> notice.path("change").asString("").equals("updated"))
                        .map(notice -> notice.path("conversation"))
                        .anyMatch(conversation -> conversation
                                        .path("id")
                                        .asString("")
                                        .equals(chat.id())
                                && conversation.path("title").asString("").startsWith(title)
                                && !conversation.path("title").asString("").isBlank()));
    }

    @Test
    void tellsEveryPositionOnceInOrder() {
        Chat chat = client.newChat();
        assertAnswers(chat, chat.say("Count [[rate=50]]"));
        List<Long> positions = chat.seen().stream().map(Seen::seq).toList();

        assertThat(positions).isSorted().doesNotHaveDuplicates();
        assertThat(chat.open()).extracting(Reply::replyId).isEmpty();
        client.ping();
    }
}
