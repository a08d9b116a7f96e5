package chat.parley.conversation.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a conversation used, by the call of the protocol page. */
class UsageIT {
    private static Service service;
    private final Browser browser = Browser.guest(service);

    @BeforeAll
    static void start() {
        service = Service.start(
                "parley.prices.models={\"model-1\":{\"prompt\":0.25,\"completion\":2.0}}",
                "parley.prices.currency=EUR");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** The worker says 3 tokens of the question and 5 of the answer. */
    @Test
    void addsUpTheRepliesOfAllVersions() {
        try (Tab tab = browser.open()) {
            tab.say("a", "m1", "One");
            new Worker(service, browser, "a", "m1-reply").starts().says("Yes").completes();
            tab.ask("regenerate", "conversationId", "a", "messageId", "m1", "replyId", "again");
            new Worker(service, browser, "a", "again").starts().says("No").completes();
            // One that was stopped is told no usage of.
            tab.say("a", "m2", "Another version");
            tab.ask("cancel", "conversationId", "a", "replyId", "m2-reply");
        }

        assertThat(browser.get("/api/conversations/a/usage").body())
                .isEqualTo(
                        "{\"items\":[{\"model\":\"model-1\",\"replies\":2,\"promptTokens\":6,\"completionTokens\":10,"
                                + "\"cost\":0.00002150}],\"replies\":2,\"promptTokens\":6,\"completionTokens\":10,"
                                + "\"cost\":0.00002150,\"currency\":\"EUR\"}");
    }

    @Test
    void hasNoCostWithoutPrices() {
        try (Service without = Service.start()) {
            Browser there = browser.at(without);
            try (Tab tab = there.open()) {
                tab.say("b", "m1", "One");
            }
            new Worker(without, there, "b", "m1-reply").starts().says("Yes").completes();

            assertThat(there.get("/api/conversations/b/usage").body())
                    .isEqualTo("{\"items\":[{\"model\":\"model-1\",\"replies\":1,\"promptTokens\":3,"
                            + "\"completionTokens\":5}],\"replies\":1,\"promptTokens\":3,\"completionTokens\":5}");
        }
    }

    @Test
    void isNotFoundOfNoConversation() {
        assertThat(browser.get("/api/conversations/none/usage").status()).isEqualTo(404);
        assertThat(browser.get("/api/conversations/no%20id/usage").status()).isEqualTo(404);
    }

    @Test
    void startsWithNoPriceThatIsNone() {
        assertThatThrownBy(() -> Service.start("parley.prices.models={\"model-1\":2}"))
                .rootCause()
                .hasMessageContaining("MODEL_PRICES has something else than \"prompt\" and \"completion\" for model-1");
    }
}
