package chat.parley.e2e.client;

import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * A question that a client sent, and the reply that it asked for.
 *
 * @param messageId of the question
 * @param replyId of the reply, and of the message that it will be
 * @param accepted the answer of the server; fails with {@link RefusedException}
 */
public record Turn(String messageId, String replyId, CompletableFuture<JsonNode> accepted) {}
