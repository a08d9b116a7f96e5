package chat.parley.conversation.history;

import static chat.parley.conversation.history.HistoryFixture.WORKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import chat.parley.events.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListIT {
    private final Id user = Id.random();
    private final HistoryFixture first = new HistoryFixture(new ConversationName(user, new Id("first")));
    private final HistoryFixture second = new HistoryFixture(new ConversationName(user, new Id("second")));
    private final HistoryFixture third = new HistoryFixture(new ConversationName(user, new Id("third")));

    @Test
    void showsPinnedFirstThenNewestInPages() {
        first.send("m1", null, "One");
        second.send("m1", null, "Two");
        third.send("m1", null, "Three");
        first.store.update(first.name, null, true, null, null);

        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            ConversationList.Page page = first.list.page(user, cursor, 1);
            page.items().forEach(conversation -> seen.add(conversation.id().value()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).hasSize(3).startsWith("first").containsExactlyInAnyOrder("first", "second", "third");
        second.send("m2", null, "Again");
        assertThat(first.list.page(user, null, 10).items().get(1).id().value()).isEqualTo("second");
    }

    /** Files bring them: who changed all at once has but one time for all. */
    @Test
    void pagesThroughAnyNumberOfOneMillisecond() {
        for (int i = 0; i < 90; i++) {
            ImportIT.write(first.another("c" + i));
        }

        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            ConversationList.Page page = first.list.page(user, cursor, 4);
            page.items().forEach(conversation -> seen.add(conversation.id().value()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(seen).hasSize(90).doesNotHaveDuplicates();
        assertThat(first.list.names(user)).hasSize(90);
    }

    @Test
    void keepsAPinnedConversationOnTopWhenAnotherIsUsed() {
        first.send("m1", null, "One");
        first.store.update(first.name, null, true, null, null);
        second.send("m1", null, "Two");
        first.store.update(first.name, null, true, null, null);
        assertThat(first.list.page(user, null, 10).items().getFirst().pinned()).isTrue();

        first.store.update(first.name, null, false, null, null);
        first.store.update(first.name, null, false, null, null);
        second.send("m2", null, "Again");
        assertThat(first.list.page(user, null, 10).items().getFirst().id().value())
                .isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1764000000000", ".first", "-1.first", "99999999999999999.first"})
    void refusesWhatIsNoCursor(String cursor) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> first.list.page(user, cursor, 10))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void readsThePathToAQuestionAcrossBranches() {
        first.send("m1", null, "One");
        first.started("r-m1", 1, WORKER);
        first.completed("r-m1", 1, WORKER, "First answer");
        first.regenerate("m1", "r2");
        first.started("r2", 1, WORKER);
        first.delta("r2", 1, WORKER, 0, 0, "Half of the second");
        first.store.cancel(first.reply("r2"));
        first.send("m2", "r2", "Go on");

        PathReader.Context context = first.paths
                .context(new Offer.Entry(first.reply("r-m2"), 1), 1000)
                .orElseThrow();

        assertThat(context.messages())
                .containsExactly(
                        new ChatMessage(Role.USER, "One"),
                        new ChatMessage(Role.ASSISTANT, "Half of the second"),
                        new ChatMessage(Role.USER, "Go on"));
        assertThat(context.lacksTitle()).isTrue();
    }

    @Test
    void leavesTheOldestOutOfALongPathButNeverTheQuestion() {
        first.send("m1", null, "x".repeat(500));
        first.started("r-m1", 1, WORKER);
        first.completed("r-m1", 1, WORKER, "y".repeat(500));
        first.send("m2", "r-m1", "z".repeat(600));
        Offer.Entry entry = new Offer.Entry(first.reply("r-m2"), 1);

        assertThat(first.paths.context(entry, 1200).orElseThrow().messages()).hasSize(2);
        assertThat(first.paths.context(entry, 10).orElseThrow().messages()).hasSize(1);
    }

    @Test
    void readsNoPathForAReplyThatHasEnded() {
        first.send("m1", null, "One");
        first.store.cancel(first.reply("r-m1"));

        assertThat(first.paths.context(new Offer.Entry(first.reply("r-m1"), 1), 1000))
                .isEmpty();
    }

    @Test
    void readsAPathOfLongMessagesInPieces() {
        first.send("m1", null, "One");
        first.started("r-m1", 1, WORKER);
        first.completed("r-m1", 1, WORKER, "y".repeat(70_000));
        first.send("m2", "r-m1", "Two");

        PathReader.Context context = first.paths
                .context(new Offer.Entry(first.reply("r-m2"), 1), 1 << 18)
                .orElseThrow();

        assertThat(context.messages())
                .containsExactly(
                        new ChatMessage(Role.USER, "One"),
                        new ChatMessage(Role.ASSISTANT, "y".repeat(70_000)),
                        new ChatMessage(Role.USER, "Two"));
    }

    @Test
    void walksAPathOfManyMessages() {
        @Nullable String parent = null;
        for (int i = 0; i < 150; i++) {
            HistoryFixture generous = new HistoryFixture(first.name, "messages-per-minute", "100000");
            generous.send("m" + i, parent, "Q" + i);
            generous.started("r-m" + i, 1, WORKER);
            parent = "r-m" + i;
            if (i < 149) {
                generous.completed(parent, 1, WORKER, "A" + i);
            }
        }

        PathReader.Context context = first.paths
                .context(new Offer.Entry(first.reply(parent), 1), 1 << 18)
                .orElseThrow();

        assertThat(context.messages()).hasSize(299);
        assertThat(context.messages().getFirst()).isEqualTo(new ChatMessage(Role.USER, "Q0"));
        assertThat(context.messages().getLast()).isEqualTo(new ChatMessage(Role.USER, "Q149"));
    }
}
