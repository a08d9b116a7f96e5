package chat.parley.assistant;

import chat.parley.events.ChatMessage;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Role;
import java.util.List;

/** Requests as tests need them. */
final class Requests {
    private Requests() {}

    /** The first attempt at a reply of a user, conversation and reply that nobody else uses. */
    static ReplyRequested of(String question) {
        return of(new ReplyName(Id.random(), Id.random(), Id.random()), 1, question);
    }

    static ReplyRequested of(ReplyName reply, int attempt, String question) {
        return new ReplyRequested(
                reply, attempt, false, null, null, List.of(new ChatMessage(Role.USER, question)), false);
    }

    static ReplyRequested again(ReplyRequested request) {
        return new ReplyRequested(
                request.reply(),
                request.attempt(),
                true,
                request.model(),
                request.systemPrompt(),
                request.messages(),
                request.wantsTitle());
    }

    static ReplyRequested wantingTitle(ReplyRequested request) {
        return new ReplyRequested(
                request.reply(),
                request.attempt(),
                request.again(),
                request.model(),
                request.systemPrompt(),
                request.messages(),
                true);
    }
}
