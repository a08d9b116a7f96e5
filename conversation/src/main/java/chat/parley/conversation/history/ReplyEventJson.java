package chat.parley.conversation.history;

import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.Usage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The browser's form of what the workers say, encoded once for all sockets. */
@Component
class ReplyEventJson {
    private final JsonMapper mapper;

    ReplyEventJson(JsonMapper mapper) {
        this.mapper = mapper;
    }

    private record DeltaEvent(String type, String replyId, int attempt, int offset, String text) {}

    String delta(ReplyDelta delta) {
        return mapper.writeValueAsString(new DeltaEvent(
                "reply.delta", delta.reply().replyId().value(), delta.attempt(), delta.offset(), delta.text()));
    }

    String usage(@Nullable Usage usage) {
        return usage == null ? "" : mapper.writeValueAsString(usage);
    }
}
