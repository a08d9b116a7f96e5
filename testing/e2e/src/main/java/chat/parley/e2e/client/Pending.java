package chat.parley.e2e.client;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A request that has no answer yet. */
record Pending(ObjectNode frame, CompletableFuture<JsonNode> answer) {
    private static final Set<String> OF_ONE_CONNECTION = Set.of("subscribe", "unsubscribe", "ping");

    String id() {
        return Json.text(frame, "id");
    }

    String type() {
        return Json.text(frame, "type");
    }

    /** Whether it is sent again on the next connection: what it asks for is idempotent and outlives a connection. */
    boolean isLasting() {
        return !OF_ONE_CONNECTION.contains(type());
    }

    /** Fails if this is not how the request may be answered. */
    void check(JsonNode reply) {
        String expected = switch (type()) {
            case "subscribe" -> "subscribed";
            case "send", "regenerate" -> "accepted";
            case "ping" -> "pong";
            default -> "ok";
        };
        if (!Json.text(reply, "type").equals(expected)) {
            throw new ProtocolViolation("Not an answer to " + frame + ": " + reply);
        }
        if (expected.equals("accepted")) {
            checkAccepted(reply);
        }
    }

    private void checkAccepted(JsonNode reply) {
        boolean same = Json.text(reply, "conversationId").equals(Json.text(frame, "conversationId"))
                && Json.text(reply, "messageId").equals(Json.text(frame, "messageId"))
                && Json.text(reply, "replyId").equals(frame.path("replyId").asString(Json.text(reply, "replyId")));
        if (!same || Json.number(reply, "seq") < 1) {
            throw new ProtocolViolation("Accepted something else than " + frame + ": " + reply);
        }
    }
}
