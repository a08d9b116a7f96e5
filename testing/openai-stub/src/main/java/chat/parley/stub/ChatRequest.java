package chat.parley.stub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The members of a chat completion request that the stub looks at.
 *
 * @param maxTokens the longest reply; {@link Integer#MAX_VALUE} if the request does not say
 * @param user the caller's name for its user, or empty
 */
record ChatRequest(
        String model,
        List<StubReply.Message> messages,
        boolean stream,
        boolean includeUsage,
        int maxTokens,
        String user) {

    /**
     * Reads a request's body.
     *
     * @throws ApiProblem in the words of OpenAI, if it is not one
     */
    static ChatRequest parse(JsonMapper json, byte[] body) throws ApiProblem {
        JsonNode root;
        try {
            root = json.readTree(body);
        } catch (JacksonException _) {
            throw ApiProblem.invalid(null, "We could not parse the JSON body of your request.");
        }
        if (!root.isObject()) {
            throw ApiProblem.invalid(null, "We could not parse the JSON body of your request. It is not an object.");
        }
        String model = root.path("model").asString("");
        if (!root.path("model").isString() || model.isBlank()) {
            throw ApiProblem.invalid("model", "you must provide a model parameter");
        }
        return new ChatRequest(
                model,
                messages(root.path("messages")),
                flag(root, "stream"),
                flag(root.path("stream_options"), "include_usage"),
                Math.min(limit(root, "max_tokens"), limit(root, "max_completion_tokens")),
                root.path("user").asString(""));
    }

    /** The same for calls with the same messages, whatever else differs. */
    String identity() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (StubReply.Message message : messages) {
                digest.update((message.role() + "\0" + message.text() + "\0").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** What the messages count for in the usage: their words, and four tokens for each. */
    int promptTokens() {
        return messages.stream()
                .mapToInt(message -> 4 + StubReply.split(message.text()).size())
                .sum();
    }

    private static List<StubReply.Message> messages(JsonNode array) throws ApiProblem {
        if (!array.isArray()) {
            throw ApiProblem.invalid("messages", "Missing required parameter: 'messages'.");
        }
        if (array.isEmpty()) {
            throw ApiProblem.invalid(
                    "messages", "Invalid 'messages': empty array. Expected an array with minimum length 1.");
        }
        List<StubReply.Message> messages = new ArrayList<>();
        for (JsonNode message : array) {
            String where = "messages[" + messages.size() + "]";
            if (!message.isObject() || !message.path("role").isString()) {
                throw ApiProblem.invalid(where + ".role", "Missing required parameter: '" + where + ".role'.");
            }
            messages.add(
                    new StubReply.Message(message.path("role").stringValue(), text(message.path("content"), where)));
        }
        return messages;
    }

    private static String text(JsonNode content, String where) throws ApiProblem {
        if (content.isString()) {
            return content.stringValue();
        }
        if (content.isArray()) {
            return content.valueStream()
                    .map(part -> part.path("text").asString(""))
                    .collect(Collectors.joining());
        }
        if (content.isNull() || content.isMissingNode()) {
            return "";
        }
        throw ApiProblem.invalid(
                where + ".content",
                "Invalid type for '" + where + ".content': expected one of a string or array of objects.");
    }

    private static boolean flag(JsonNode parent, String name) throws ApiProblem {
        JsonNode value = parent.path(name);
        if (value.isBoolean() || value.isNull() || value.isMissingNode()) {
            return value.asBoolean(false);
        }
        throw ApiProblem.invalid(name, "Invalid type for '" + name + "': expected a boolean.");
    }

    private static int limit(JsonNode root, String name) throws ApiProblem {
        JsonNode value = root.path(name);
        if (value.isNull() || value.isMissingNode()) {
            return Integer.MAX_VALUE;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 1) {
            throw ApiProblem.invalid(name, "Invalid value for '" + name + "': expected an integer of at least 1.");
        }
        return value.intValue();
    }
}
