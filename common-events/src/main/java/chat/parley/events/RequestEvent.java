package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Conversation asks of the Assistant workers, through {@link Topology#REQUESTS}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface RequestEvent {
    ReplyName reply();

    /** Given out by Conversation, from 1; a higher attempt replaces lower ones. */
    int attempt();

    /**
     * Asks for one attempt at a reply.
     *
     * @param again whether this attempt may have been published before. Such a request is never run: the worker reports
     *     it with {@link ReplyEvent.RequestSeenAgain}
     * @param model the model to use; absent for the worker's default
     * @param systemPrompt absent for none
     * @param messages the path to the question, oldest first, the question last; never empty, at most 256 KiB of text
     * @param wantsTitle whether the conversation still lacks a title by a model
     */
    @JsonTypeName("reply.requested")
    record ReplyRequested(
            ReplyName reply,
            int attempt,
            boolean again,
            @Nullable String model,
            @Nullable String systemPrompt,
            List<ChatMessage> messages,
            boolean wantsTitle)
            implements RequestEvent {
        public ReplyRequested {
            Objects.requireNonNull(reply, "reply");
            Checks.attempt(attempt);
            messages = List.copyOf(messages);
            if (messages.isEmpty()) {
                throw new IllegalArgumentException("A request has at least the question");
            }
        }
    }
}
