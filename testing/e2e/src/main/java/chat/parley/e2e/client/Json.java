package chat.parley.e2e.client;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads JSON as strictly as the protocol's page writes it. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** An empty object to fill. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Reads what should be one JSON value. */
    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new ProtocolViolation("Not JSON: " + text);
        }
    }

    /** Writes any value. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isString()) {
            throw new ProtocolViolation("No text \"" + member + "\" in " + node);
        }
        return value.asString();
    }

    static @Nullable String textOrNull(JsonNode node, String member) {
        return node.path(member).isMissingNode() || node.path(member).isNull() ? null : text(node, member);
    }

    static long number(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isIntegralNumber()) {
            throw new ProtocolViolation("No whole number \"" + member + "\" in " + node);
        }
        return value.asLong();
    }

    static boolean flag(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isBoolean()) {
            throw new ProtocolViolation("No true or false \"" + member + "\" in " + node);
        }
        return value.asBoolean();
    }

    static Instant time(JsonNode node, String member) {
        String value = text(node, member);
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new ProtocolViolation("\"" + member + "\" is not an ISO-8601 UTC time: " + value);
        }
    }

    static JsonNode objectIn(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isObject()) {
            throw new ProtocolViolation("No object \"" + member + "\" in " + node);
        }
        return value;
    }

    static JsonNode arrayIn(JsonNode node, String member) {
        JsonNode value = node.path(member);
        if (!value.isArray()) {
            throw new ProtocolViolation("No array \"" + member + "\" in " + node);
        }
        return value;
    }
}
