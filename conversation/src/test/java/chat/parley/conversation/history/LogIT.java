package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.parley.events.Id;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogIT {
    private final HistoryFixture chat = new HistoryFixture();

    @Test
    void goesOnAfterAnyPositionWithoutAGap() {
        chat.send("m1", null, "Hello");
        chat.started("r-m1", 1, WORKER);
        Cursor middle = chat.snapshot().cursor();
        chat.delta("r-m1", 1, WORKER, 0, 0, "Hi");
        chat.completed("r-m1", 1, WORKER, "Hi");

        ConversationReader.Page page = chat.reader.read(chat.name, middle, 100).orElseThrow();

        assertThat(page.entries()).extracting(LogEntry::seq).containsExactly(4L, 5L);
        assertThat(page.newest()).isEqualTo(page.entries().getLast().cursor());
        assertThat(page.newest()).isEqualTo(chat.snapshot().cursor());
    }

    @Test
    void returnsNoMoreThanWasAskedFor() {
        chat.send("m1", null, "Hello");

        assertThat(chat.reader.read(chat.name, Cursor.START, 1).orElseThrow().entries())
                .hasSize(1);
        assertThat(chat.reader
                        .read(chat.name, Cursor.START, 0)
                        .orElseThrow()
                        .newest()
                        .seq())
                .isEqualTo(2);
    }

    @Test
    void knowsNoPositionOfAnotherLog() {
        HistoryFixture other = new HistoryFixture();
        other.send("m1", null, "Hello");
        chat.send("m1", null, "Hello");

        assertThat(chat.reader.read(chat.name, other.snapshot().cursor(), 10)).isEmpty();
        assertThat(chat.reader.read(chat.name, new Cursor(99, "abc"), 10)).isEmpty();
    }

    @Test
    void isEmptyForAConversationThatDoesNotExist() {
        Snapshot snapshot = chat.snapshot();

        assertThat(snapshot).isEqualTo(new Snapshot(null, 0, Cursor.START, List.of(), List.of(), false));
        assertThat(chat.reader.read(chat.name, Cursor.START, 10).orElseThrow().entries())
                .isEmpty();
    }

    @Test
    void showsTheNewestMessagesFirstInPages() {
        for (int i = 0; i < 5; i++) {
            chat.send("m" + i, i == 0 ? null : "r-m" + (i - 1), "Question " + i);
            chat.started("r-m" + i, 1, WORKER);
            chat.completed("r-m" + i, 1, WORKER, "Answer " + i);
        }

        Snapshot snapshot = chat.reader.snapshot(chat.name, 3);
        assertThat(ids(snapshot.messages())).containsExactly("r-m3", "m4", "r-m4");
        assertThat(snapshot.more()).isTrue();
        ConversationReader.Messages page = chat.reader.messages(chat.name, new Id("r-m3"), 6);
        assertThat(ids(page.items())).containsExactly("m3", "r-m2", "m2", "r-m1", "m1", "r-m0");
        assertThat(page.more()).isTrue();
        assertThat(chat.reader.snapshot(chat.name, 100).more()).isFalse();
    }

    @Test
    void isTrimmedFromItsHeadWhenOldAndCanBeResumedFromWhatIsLeft() {
        HistoryFixture forgetful = new HistoryFixture("keep-log", "1ms");
        forgetful.send("m1", null, "Hello");
        forgetful.started("r-m1", 1, WORKER);
        Cursor early = forgetful.snapshot().cursor();
        forgetful.completed("r-m1", 1, WORKER, "Hi");
        Cursor last = forgetful.snapshot().cursor();

        await().until(() -> {
            forgetful.replies.trimDue(forgetful.replies.now(), 10_000);
            return forgetful.reader.read(forgetful.name, early, 10).isEmpty();
        });

        assertThat(forgetful.reader.read(forgetful.name, last, 10).orElseThrow().entries())
                .isEmpty();
        assertThat(forgetful.reader.read(forgetful.name, Cursor.START, 10)).isEmpty();
        forgetful.send("m2", "r-m1", "And then?");
        assertThat(forgetful.reader.read(forgetful.name, last, 10).orElseThrow().entries())
                .hasSize(2);
        assertThat(forgetful.snapshot().messages()).hasSize(3);
    }

    @Test
    void keepsWhatAnOpenReplyNeeds() {
        HistoryFixture forgetful = new HistoryFixture("keep-log", "1ms");
        forgetful.send("m1", null, "Hello");
        Cursor asked = forgetful.snapshot().cursor();
        forgetful.started("r-m1", 1, WORKER);
        forgetful.delta("r-m1", 1, WORKER, 0, 0, "Hi");

        await().until(() -> {
            forgetful.replies.trimDue(forgetful.replies.now(), 10_000);
            return forgetful.reader.read(forgetful.name, Cursor.START, 10).isEmpty();
        });

        assertThat(forgetful
                        .reader
                        .read(forgetful.name, asked, 10)
                        .orElseThrow()
                        .entries())
                .hasSize(2);
    }

    @Test
    void isGoneWithItsConversation() {
        chat.send("m1", null, "Hello");
        Cursor before = chat.snapshot().cursor();

        chat.store.delete(chat.name);
        chat.store.delete(chat.name);

        assertThat(chat.reader.read(chat.name, before, 10)).isEmpty();
        assertThat(chat.snapshot().conversation()).isNull();
        assertThat(chat.list.page(chat.name.userId(), null, 10).items()).isEmpty();
        assertThat(chat.raw().keys(Keys.user(chat.name.userId()) + "c:*"))
                .containsExactly(Keys.user(chat.name.userId()) + "c:c:gone");
    }

    private static List<String> ids(List<RawJson> messages) {
        return messages.stream()
                .map(message -> HistoryFixture.MAPPER
                        .readTree(message.json())
                        .path("id")
                        .asString())
                .toList();
    }
}
