package chat.parley.stub;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a call is answered with, and its form on the wire.
 *
 * @param id of the completion
 * @param created in seconds since 1970
 * @param finishReason {@code stop}, or {@code length} if the request's limit cut the reply
 * @param includeUsage whether a stream ends with the usage
 */
record Completion(
        JsonMapper json,
        String id,
        long created,
        String model,
        List<String> tokens,
        String finishReason,
        int promptTokens,
        boolean includeUsage) {
    static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    /** Cut off within a string; so it is neither JSON nor the prefix of a chunk that could still come. */
    static final byte[] MALFORMED = "data: {\"id\":\"chatcmpl-stub\",\"choices\":[{\"delta\":{\"content\":\"bro\n\n"
            .getBytes(StandardCharsets.US_ASCII);

    byte[] roleChunk() {
        ObjectNode delta = JsonNodeFactory.instance.objectNode();
        delta.put("role", "assistant").put("content", "").putNull("refusal");
        return event(chunk(delta, null));
    }

    TokenChunks tokenChunks() {
        ObjectNode delta = JsonNodeFactory.instance.objectNode().put("content", "");
        return new TokenChunks(new String(event(chunk(delta, null)), StandardCharsets.UTF_8));
    }

    byte[] finishChunk(String reason) {
        return event(chunk(JsonNodeFactory.instance.objectNode(), reason));
    }

    byte[] usageChunk(int sent) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        putUsage(chunk, sent);
        return event(chunk);
    }

    byte[] errorEvent(ApiProblem problem) {
        return event(problem.body());
    }

    /** The answer to a call that does not stream. */
    byte[] whole(int sent, @Nullable String reason) {
        ObjectNode body = head("chat.completion");
        ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", String.join("", tokens.subList(0, sent)))
                .putNull("refusal")
                .putArray("annotations");
        choice.putNull("logprobs").put("finish_reason", reason);
        putUsage(body, sent);
        return json.writeValueAsBytes(body);
    }

    private ObjectNode chunk(ObjectNode delta, @Nullable String reason) {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", reason);
        if (includeUsage) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode head(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_stub");
    }

    private void putUsage(ObjectNode parent, int sent) {
        ObjectNode usage = parent.putObject("usage")
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", sent)
                .put("total_tokens", promptTokens + sent);
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0).put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", 0)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
    }

    private byte[] event(ObjectNode data) {
        return ("data: " + json.writeValueAsString(data) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
