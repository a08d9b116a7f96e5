package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ResumeIT {
    private final Service service = Service.get();
    private final Browser browser = Browser.guest(service);

    @Test
    void goesOnWhereTheLastSocketStood() {
        Story story = new Story(0);
        Worker worker;
        try (Tab tab = browser.open()) {
            tab.ask("subscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            worker = new Worker(service, browser, "c", "m-reply").starts().says("One ", "two ");
            while (!story.textOf("m-reply").equals("One two ")) {
                story.apply(tab.take("event"));
            }
        }
        worker.says("three ");

        try (Tab tab = browser.open()) {
            JsonNode subscribed = tab.ask("subscribe", "conversationId", "c", "after", story.cursor());
            assertThat(subscribed.path("recovered").asBoolean()).isTrue();
            assertThat(subscribed.has("snapshot")).isFalse();
            assertThat(subscribed.path("seq").asLong()).isEqualTo(story.seq());
            assertThat(subscribed.path("cursor").asString()).isEqualTo(story.cursor());
            worker.says("four");
            worker.completes();
            while (!story.hasEnded("m-reply")) {
                story.apply(tab.take("event"));
            }
        }
        assertThat(story.textOf("m-reply")).isEqualTo("One two three four");
    }

    @Test
    void sendsEverythingAfterTheVeryFirstPosition() {
        try (Tab tab = browser.open()) {
            String start =
                    tab.ask("subscribe", "conversationId", "c").path("cursor").asString();
            tab.ask("unsubscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            new Worker(service, browser, "c", "m-reply").starts().says("Hi").completes();

            JsonNode subscribed = tab.ask("subscribe", "conversationId", "c", "after", start);

            assertThat(subscribed.path("recovered").asBoolean()).isTrue();
            Story story = new Story(0);
            while (!story.hasEnded("m-reply")) {
                story.apply(tab.take("event"));
            }
            assertThat(story.seq()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "1.ffffffffffffffff", "9.0123456789abcdef", "99999999999999999999.0"})
    void givesASnapshotToWhoNamesAPositionThatIsNotInTheLog(String after) {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello");

            JsonNode subscribed = tab.ask("subscribe", "conversationId", "c", "after", after);

            assertThat(subscribed.path("recovered").asBoolean()).isFalse();
            assertThat(subscribed.path("snapshot").path("messages")).hasSize(1);
            assertThat(subscribed.path("seq").asLong()).isEqualTo(2);
        }
    }

    @Test
    void recoversMoreThanOnePageOfTheLog() {
        try (Tab tab = browser.open()) {
            String start =
                    tab.ask("subscribe", "conversationId", "c").path("cursor").asString();
            tab.ask("unsubscribe", "conversationId", "c");
            tab.say("c", "m", "Hello");
            Worker worker = new Worker(service, browser, "c", "m-reply").starts();
            worker.says(IntStream.range(0, 300).mapToObj(i -> i + " ").toArray(String[]::new));
            worker.completes();

            tab.ask("subscribe", "conversationId", "c", "after", start);

            Story story = new Story(0);
            while (!story.hasEnded("m-reply")) {
                story.apply(tab.take("event"));
            }
            assertThat(story.textOf("m-reply")).isEqualTo(worker.text());
            assertThat(story.merged()).isPositive();
        }
    }

    @Test
    void laterEventsMakeALaterSnapshotOfAnEarlierOne() {
        try (Tab tab = browser.open()) {
            tab.say("c", "m", "Hello");
            Worker worker =
                    new Worker(service, browser, "c", "m-reply").starts().says("One ");
            JsonNode first = tab.ask("subscribe", "conversationId", "c").path("snapshot");
            Story story = new Story(first.path("seq").asLong());
            story.knows("m-reply", first.path("replies").path(0).path("text").asString());
            worker.says("two ");
            story.apply(tab.take("event"));

            JsonNode second = tab.ask("subscribe", "conversationId", "c").path("snapshot");

            assertThat(story.seq()).isEqualTo(second.path("seq").asLong());
            assertThat(story.cursor()).isEqualTo(second.path("cursor").asString());
            assertThat(story.textOf("m-reply"))
                    .isEqualTo(second.path("replies").path(0).path("text").asString());
        }
    }
}
