package chat.parley.bench;

import chat.parley.e2e.stack.Hop;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The places of a first token's way at which it can be seen from outside: where it passes a proxy. In their order, from
 * the page's question to the frame with the token. What lies between one and the one before is the step.
 */
enum Mark {
    NGINX_ASKED("the page's frame, to nginx", Hop.BROWSER_NGINX, false, ""),
    CONVERSATION_ASKED("nginx passes it on", Hop.NGINX_CONVERSATION, false, ""),
    ACCEPT("Conversation: frame to script", Hop.CONVERSATION_REDIS, false, Mark.QUESTION),
    ACCEPTED("Redis: accept, with fsync", Hop.CONVERSATION_REDIS, true, Mark.REPLY),
    CONTEXT("Conversation: from answer to next script", Hop.CONVERSATION_REDIS, false, "\r\n65536\r\n"),
    CONTEXT_READ("Redis: the request's context", Hop.CONVERSATION_REDIS, true, Mark.QUESTION),
    REQUESTED("Conversation: context to request", Hop.CONVERSATION_RABBIT, false, Mark.QUESTION),
    DELIVERED("RabbitMQ: request, with fsync", Hop.ASSISTANT_RABBIT, true, Mark.QUESTION),
    CALLED("Assistant: request to call", Hop.ASSISTANT_STUB, false, Mark.QUESTION),
    TOKEN("the model's first token", Hop.ASSISTANT_STUB, true, Mark.TEXT),
    SAID("Assistant: token to message", Hop.ASSISTANT_RABBIT, false, Mark.DELTA),
    HEARD("RabbitMQ: message, with fsync", Hop.CONVERSATION_RABBIT, true, Mark.DELTA),
    APPLY("Conversation: message to script", Hop.CONVERSATION_REDIS, false, Mark.DELTA),
    APPLIED("Redis: apply, with fsync, to wake-up", Hop.CONVERSATION_REDIS, true, Mark.DELTA),
    FRAME("Conversation: wake-up to frame", Hop.NGINX_CONVERSATION, true, Mark.DELTA),
    PASSED_ON("nginx passes it on", Hop.BROWSER_NGINX, true, Mark.DELTA);

    /** Stands for the words of the question that is being followed. */
    private static final String QUESTION = "?";
    /** Stands for the id of the reply to it. */
    private static final String REPLY = "!";

    /** Stands for a chunk with text, which the first one, that only says who speaks, has not. */
    private static final String TEXT = "=";

    private static final String DELTA = "reply.delta";
    private static final Pattern CHUNK_WITH_TEXT = Pattern.compile("\"content\":\"[^\"]");

    /** What happened since the mark before. */
    final String step;

    final Hop hop;
    private final boolean answer;
    private final String words;

    Mark(String step, Hop hop, boolean answer, String words) {
        this.step = step;
        this.hop = hop;
        this.answer = answer;
        this.words = words;
    }

    /**
     * Whether this is it that passes on that hop.
     *
     * @param back whether it goes to whoever opened the connection
     */
    boolean is(Hop there, boolean back, byte[] bytes, int length, String question, String replyId) {
        if (hop != there || answer != back) {
            return false;
        }
        String passing = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return switch (words) {
            case QUESTION -> passing.contains(question);
            case REPLY -> passing.contains(replyId);
            case TEXT -> CHUNK_WITH_TEXT.matcher(passing).find();
            default -> passing.contains(words);
        };
    }
}
