package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.Worker;
import chat.parley.conversation.history.ReplyStore;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Someone who does all that can be done, under the same ids as everyone, but with a word of one's own in every text.
 */
final class Person implements AutoCloseable {
    /** Each event of the protocol comes in it. */
    static final List<Consumer<Person>> STORY = List.of(
            person -> person.ask("subscribe"),
            person -> person.send("m1", "r1"),
            person -> person.worker("r1", 1).starts().says(person.word + " is not kept"),
            person -> person.fails("r1", FailureCode.BROKEN_OFF, "reply.retrying"),
            person -> person.completes("r1", 2),
            person -> person.apply(new ConversationTitled(person.name("r1"), 2, new Id("worker"), person.word)),
            person -> person.call("?limit=5", "updatedAt"),
            person -> person.send("m2", "r2"),
            person -> person.ask("cancel", "replyId", "r2"),
            person -> person.await("reply.cancelled"),
            person -> person.send("m3", "r3"),
            person -> person.worker("r3", 1).starts().says(person.word + " is half said"),
            person -> person.fails("r3", FailureCode.KEY_REFUSED, "reply.failed"),
            person -> person.ask("regenerate", "messageId", "m1", "replyId", "r4"),
            person -> person.completes("r4", 1),
            person -> person.changes(),
            person -> person.call("/c", "messages"),
            person -> person.call("/c/messages", "items"),
            person -> person.call("/c/export", person.word),
            person -> person.call("/c/export?format=json", "messages"),
            person -> person.finds("Aardvark"),
            person -> person.finds("Bumblebee"),
            person -> person.ask("send", "messageId", "m1", "parentId", null, "text", "The same id, other words"),
            person -> person.ask("cancel", "replyId", "absent"),
            person -> person.ask("subscribe"),
            person -> person.ask("unsubscribe"),
            person -> person.deletes(),
            person -> person.ask("subscribe"));

    static final Set<String> EVENTS = Set.of(
            "message.created",
            "reply.queued",
            "reply.started",
            "reply.delta",
            "reply.retrying",
            "reply.completed",
            "reply.failed",
            "reply.cancelled");

    private final Service service;
    private final Browser browser;
    private final Tab tab;
    private final String word;
    private final List<JsonNode> frames = new ArrayList<>();
    private final StringBuilder answers = new StringBuilder();

    Person(Service service, Browser browser, String word) {
        this.service = service;
        this.browser = browser;
        this.tab = browser.open();
        this.word = word;
    }

    /** All that came, by socket and by call. */
    String heard() {
        frames.addAll(tab.soFar());
        return frames + answers.toString();
    }

    /** The types of the events that came. */
    Set<String> types() {
        Set<String> types = new TreeSet<>();
        for (JsonNode frame : frames) {
            if (frame.path("type").asString().equals("event")) {
                types.add(frame.path("event").path("type").asString());
            }
        }
        return types;
    }

    private void ask(String type, Object... members) {
        List<Object> all = new ArrayList<>(List.of("conversationId", "c"));
        all.addAll(Arrays.asList(members));
        frames.add(tab.ask(type, all.toArray()));
    }

    private void send(String messageId, String replyId) {
        ask("send", "messageId", messageId, "parentId", null, "text", word + " asks", "replyId", replyId);
    }

    private void await(String event) {
        frames.add(tab.event(event));
    }

    private ReplyName name(String replyId) {
        return new ReplyName(browser.userId(), new Id("c"), new Id(replyId));
    }

    private Worker worker(String replyId, int attempt) {
        return new Worker(service, browser, "c", replyId, attempt);
    }

    private void completes(String replyId, int attempt) {
        worker(replyId, attempt).starts().says(word + " is told").completes();
        await("reply.completed");
    }

    private void fails(String replyId, FailureCode code, String event) {
        apply(new AttemptFailed(name(replyId), 1, new Id("worker"), code, null));
        await(event);
    }

    private void apply(ReplyEvent event) {
        service.bean(ReplyStore.class).apply(List.of(event), false);
    }

    private void changes() {
        String body = "{'title':'%1$s','pinned':true,'systemPrompt':'%1$s commands'}".formatted(word);
        take(browser.patch("/api/conversations/c", body.replace('\'', '"')), word);
        frames.add(tab.take(frame -> frame.toString().contains(word + " commands")));
    }

    private void call(String path, String expected) {
        take(browser.get("/api/conversations" + path), expected);
    }

    /** Only one's own word leads to anything. */
    private void finds(String wanted) {
        Browser.Answer found = browser.get("/api/search?q=" + wanted);
        assertThat(found.json().path("items").isEmpty()).isEqualTo(!wanted.equals(word));
        take(found, "items");
    }

    private void deletes() {
        take(browser.delete("/api/conversations/c"), "");
        frames.add(tab.take(frame -> frame.path("change").asString("").equals("deleted")));
    }

    private void take(Browser.Answer answer, String expected) {
        assertThat(answer.status()).isBetween(200, 204);
        assertThat(answer.body()).contains(expected);
        answers.append(answer.headers().map()).append(answer.body());
    }

    @Override
    public void close() {
        tab.close();
    }
}
