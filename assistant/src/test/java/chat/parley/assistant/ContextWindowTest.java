package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.ChatMessage;
import chat.parley.events.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextWindowTest {
    /** A hundred tokens, and four more for the message. */
    private static final String HUNDRED = " word".repeat(100);

    private static final List<ChatMessage> HISTORY =
            List.of(user(HUNDRED), assistant(HUNDRED), user(HUNDRED), assistant(HUNDRED), user("And now?" + HUNDRED));

    @Test
    void leavesAHistoryThatFitsAsItIs() {
        assertThat(new ContextWindow(10_000).cut(null, HISTORY)).isEqualTo(HISTORY);
        assertThat(new ContextWindow(530).cut(null, HISTORY)).isEqualTo(HISTORY);
    }

    @Test
    void dropsTheOldestMessagesFirst() {
        assertThat(new ContextWindow(330).cut(null, HISTORY)).isEqualTo(HISTORY.subList(2, 5));
    }

    @Test
    void dropsAnAnswerWhoseQuestionIsDropped() {
        assertThat(new ContextWindow(480).cut(null, HISTORY)).isEqualTo(HISTORY.subList(2, 5));
        assertThat(new ContextWindow(250).cut(null, HISTORY)).isEqualTo(HISTORY.subList(4, 5));
    }

    @Test
    void countsTheSystemPromptAndKeepsIt() {
        assertThat(new ContextWindow(530).cut(HUNDRED, HISTORY)).isEqualTo(HISTORY.subList(2, 5));
    }

    @Test
    void keepsTheQuestionWhateverItCosts() {
        assertThat(new ContextWindow(10).cut(null, HISTORY)).isEqualTo(HISTORY.subList(4, 5));
        assertThat(new ContextWindow(10).cut(HUNDRED, HISTORY)).isEqualTo(HISTORY.subList(4, 5));
    }

    private static ChatMessage user(String text) {
        return new ChatMessage(Role.USER, text);
    }

    private static ChatMessage assistant(String text) {
        return new ChatMessage(Role.ASSISTANT, text);
    }
}
