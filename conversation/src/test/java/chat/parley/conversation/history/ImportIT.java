package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.ImportedMessage.Failure;
import chat.parley.conversation.history.ImportedMessage.Status;
import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import chat.parley.events.Role;
import chat.parley.events.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportIT {
    private static final Instant CREATED = Instant.parse("2024-02-03T04:05:06.789Z");
    private static final Instant UPDATED = Instant.parse("2024-03-04T05:06:07Z");

    private final HistoryFixture chat = new HistoryFixture();

    static ImportStore.Outcome write(HistoryFixture chat) {
        return write(chat, question("q1", null, "a1"), answer("a1", "q1"), question("q2", "a1", null));
    }

    private static ImportStore.Outcome write(HistoryFixture chat, ImportedMessage... messages) {
        return chat.imports.write(
                new ImportedConversation(
                        chat.name, "Old", CREATED, UPDATED, false, "model-y", "Be brief.", List.of(messages)),
                chat.imports.stored(List.of(messages)));
    }

    private static ImportedMessage question(String id, @Nullable String parent, @Nullable String reply) {
        return new ImportedMessage(
                new Id(id),
                parent == null ? null : new Id(parent),
                Role.USER,
                "Question " + id,
                Status.COMPLETE,
                CREATED,
                reply == null ? null : new Id(reply),
                null,
                null,
                null);
    }

    private static ImportedMessage answer(String id, String parent) {
        return new ImportedMessage(
                new Id(id),
                new Id(parent),
                Role.ASSISTANT,
                "Answer " + id,
                Status.FAILED,
                UPDATED,
                new Id(id),
                "model-x",
                new Usage(1, 2),
                new Failure("timeout", "Too late.", true, "hung"));
    }

    @Test
    void isReadAsAnyOther() {
        assertThat(write(chat)).isEqualTo(ImportStore.Outcome.IMPORTED);

        Snapshot snapshot = chat.snapshot();
        assertThat(snapshot.conversation())
                .isEqualTo(new Conversation(
                        chat.name.conversationId(), "Old", CREATED, UPDATED, false, null, "model-y", "Be brief."));
        assertThat(snapshot.messages().stream().map(RawJson::json))
                .containsExactly(
                        "{\"id\":\"q1\",\"parentId\":null,\"role\":\"user\",\"text\":\"Question q1\",\"status\":\"complete\","
                                + "\"createdAt\":\"2024-02-03T04:05:06.789Z\",\"replyId\":\"a1\"}",
                        "{\"id\":\"a1\",\"parentId\":\"q1\",\"role\":\"assistant\",\"text\":\"Answer a1\",\"status\":\"failed\","
                                + "\"createdAt\":\"2024-03-04T05:06:07Z\",\"replyId\":\"a1\",\"model\":\"model-x\","
                                + "\"usage\":{\"promptTokens\":1,\"completionTokens\":2},"
                                + "\"error\":{\"code\":\"timeout\",\"message\":\"Too late.\",\"retryable\":true,\"cause\":\"hung\"}}",
                        "{\"id\":\"q2\",\"parentId\":\"a1\",\"role\":\"user\",\"text\":\"Question q2\",\"status\":\"complete\","
                                + "\"createdAt\":\"2024-02-03T04:05:06.789Z\"}");
        assertThat(snapshot.replies()).isEmpty();
        assertThat(chat.sets()).allSatisfy(set -> assertThat(set).isEmpty());
        assertThat(chat.texts.after(chat.name, 0)).containsExactly(new Id("q2"), new Id("a1"), new Id("q1"));
    }

    @Test
    void goesOnFromThere() {
        write(chat);
        Cursor before = chat.snapshot().cursor();

        assertThat(chat.send("q3", "a1", "Go on").seq()).isEqualTo(before.seq() + 2);
        chat.started("r-q3", 1, WORKER);
        assertThat(chat.completed("r-q3", 1, WORKER, "Yes").outcome()).isEqualTo(Outcome.APPLIED);

        assertThat(chat.reader.read(chat.name, before, 9).orElseThrow().entries())
                .hasSize(4);
        assertThat(chat.snapshot().messages().getLast().json()).contains("\"Yes\"");
        assertThat(chat.regenerate("q2", "again").replyId().value()).isEqualTo("again");
    }

    /** Else it would see nothing of what was imported. */
    @Test
    void whoLookedBeforeItWasThereStartsAnew() {
        assertThat(write(chat, question("q", null, null))).isEqualTo(ImportStore.Outcome.IMPORTED);

        assertThat(chat.reader.read(chat.name, Cursor.START, 9)).isEmpty();
        assertThat(chat.reader.read(chat.name, chat.snapshot().cursor(), 9)).isPresent();
    }

    @Test
    void hasNothingThatIsTrimmed() {
        write(chat);
        HistoryFixture forgetful = new HistoryFixture(chat.name, "keep-log", "1ms");
        Cursor cursor = chat.snapshot().cursor();

        assertThat(forgetful.redis.number(new Call(Script.TRIM, chat.name))).isEqualTo(cursor.seq());
        assertThat(chat.reader.read(chat.name, cursor, 9)).isPresent();
    }

    @Test
    void leavesWhatIsThereAsItIs() {
        chat.send("m", null, "Mine");
        Snapshot before = chat.snapshot();

        assertThat(write(chat)).isEqualTo(ImportStore.Outcome.EXISTS);
        assertThat(chat.snapshot()).isEqualTo(before);
    }

    @Test
    void bringsNoDeletedOneBack() {
        chat.send("m", null, "Mine");
        chat.store.delete(chat.name);

        assertThat(write(chat)).isEqualTo(ImportStore.Outcome.GONE);
        assertThat(chat.snapshot().conversation()).isNull();
        assertThat(chat.imports.look(chat.name.userId(), List.of(chat.name.conversationId(), new Id("other"))))
                .isEqualTo(new ImportStore.Known(false, List.of(true, false)));
    }

    @Test
    void writesNothingOverALimit() {
        HistoryFixture small = new HistoryFixture("imported-per-day", "3000B", "conversations-per-user", "2");
        assertThat(write(small)).isEqualTo(ImportStore.Outcome.IMPORTED);

        HistoryFixture second = small.another("second");
        assertThat(write(second)).isEqualTo(ImportStore.Outcome.TOO_MUCH);
        assertThat(write(second, question("q", null, null))).isEqualTo(ImportStore.Outcome.IMPORTED);
        HistoryFixture third = small.another("third");
        assertThat(write(third, question("q", null, null))).isEqualTo(ImportStore.Outcome.TOO_MANY);

        assertThat(small.list.names(small.name.userId())).hasSize(2);
        assertThat(small.raw().keys("*" + third.name.userId() + ":c:third:*")).isEmpty();
    }

    @Test
    void leavesThePartOfTheStoreThatIsKeptForWhatPeopleWrite() {
        long used = Long.parseLong(chat.raw()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", ""));
        chat.raw().configSet("maxmemory", Long.toString(used * 5 / 4));
        try {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> write(chat))
                    .withMessageContaining("nearly full")
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThat(chat.snapshot().conversation()).isNull();
            chat.send("m", null, "What people write");
        } finally {
            chat.raw().configSet("maxmemory", "0");
        }
    }

    @Test
    void asksNoModelAQuestionThatIsTooLongForOne() {
        HistoryFixture small = new HistoryFixture(chat.name, "question-size", "11B");
        write(chat, question("q", null, null), question("long", null, null));

        assertThat(small.regenerate("q", "a").replyId().value()).isEqualTo("a");
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> small.regenerate("long", "b"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }

    /** There is no reply that it could be told of. */
    @Test
    void takesAQuestionThatWasNeverAnsweredForNoRepeat() {
        write(chat);

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> chat.send("q2", "a1", "Question q2"))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(chat.send("q1", null, "Question q1").replyId().value()).isEqualTo("a1");
    }

    @Test
    void listsAPinnedOneAmongThePinned() {
        chat.another("new").send("m", null, "New");
        ImportedMessage message = question("q", null, null);
        chat.imports.write(
                new ImportedConversation(chat.name, "", CREATED, UPDATED, true, null, null, List.of(message)),
                chat.imports.stored(List.of(message)));

        Conversation first = chat.list.page(chat.name.userId(), null, 9).items().getFirst();
        assertThat(first.id()).isEqualTo(chat.name.conversationId());
        assertThat(first.title()).isEqualTo("Question q");
    }
}
