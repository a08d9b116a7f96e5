package chat.parley.conversation.api;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.ConversationList;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.ConversationStore;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.reply.Replies;
import chat.parley.conversation.session.Session;
import chat.parley.events.Id;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** A user's conversations. Another user's are as if they did not exist. */
@RestController
@RequestMapping("/api/conversations")
class ConversationController {
    private final ConversationList list;
    private final ConversationReader reader;
    private final ConversationStore store;
    private final Replies replies;
    private final AssistantStatus assistant;
    private final ApiProperties properties;

    ConversationController(
            ConversationList list,
            ConversationReader reader,
            ConversationStore store,
            Replies replies,
            AssistantStatus assistant,
            ApiProperties properties) {
        this.list = list;
        this.reader = reader;
        this.store = store;
        this.replies = replies;
        this.assistant = assistant;
        this.properties = properties;
    }

    @GetMapping
    ConversationList.Page page(
            Session session, @RequestParam @Nullable String cursor, @RequestParam @Nullable Integer limit) {
        return list.page(session.userId(), given(cursor), properties.items(limit));
    }

    @GetMapping("/{id}")
    Snapshot snapshot(Session session, @PathVariable String id) {
        Snapshot snapshot = reader.snapshot(name(session, id), null);
        if (snapshot.conversation() == null) {
            throw ConversationStore.notFound();
        }
        return snapshot;
    }

    @GetMapping("/{id}/messages")
    ConversationReader.Messages messages(
            Session session,
            @PathVariable String id,
            @RequestParam @Nullable String before,
            @RequestParam @Nullable Integer limit) {
        String first = given(before);
        return reader.messages(name(session, id), first == null ? null : id(first), properties.items(limit));
    }

    @PatchMapping("/{id}")
    Conversation change(Session session, @PathVariable String id, @RequestBody JsonNode body) {
        ConversationName name = name(session, id);
        ConversationChange change = ConversationChange.parse(body, properties, assistant.models());
        store.update(name, change.title(), change.pinned(), change.model(), change.systemPrompt());
        return reader.conversation(name);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Session session, @PathVariable String id) {
        replies.delete(name(session, id));
    }

    /** A parameter that is there without a value says as little as one that is not. */
    private static @Nullable String given(@Nullable String parameter) {
        return parameter == null || parameter.isEmpty() ? null : parameter;
    }

    private static ConversationName name(Session session, String id) {
        return ConversationName.asked(session.userId(), id);
    }

    /** What can't be an id is one that does not exist. */
    private static Id id(String text) {
        if (!Id.isValid(text)) {
            throw ConversationStore.notFound();
        }
        return new Id(text);
    }
}
