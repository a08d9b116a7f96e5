package chat.parley.conversation.live;

import chat.parley.conversation.history.RawJson;
import chat.parley.events.Id;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes the JSON text of one frame; {@code docs/protocol.md} is its specification. Members that it does not
 * know are ignored.
 */
@Component
final class FrameCodec {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_REQUEST_ID_CHARS = 128;
    private static final int MAX_NAME_CHARS = 200;
    private static final Pattern LONE_SURROGATE =
            Pattern.compile("[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]");

    private final JsonMapper reader;
    private final ObjectWriter writer;

    FrameCodec(JsonMapper json) {
        reader = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        writer = json.writerFor(ServerFrame.class);
    }

    String encode(ServerFrame frame) {
        return writer.writeValueAsString(frame);
    }

    /**
     * Reads a client's frame.
     *
     * @throws MalformedFrameException if it is not JSON, of no known type, or a member is not as it must be
     */
    ClientFrame decode(String text) throws MalformedFrameException {
        JsonNode frame = parse(text);
        RawJson id = requestId(frame);
        Members members = new Members(frame, id);
        return switch (members.text("type")) {
            case "subscribe" ->
                new ClientFrame.Subscribe(
                        id, members.id("conversationId"), members.optionalText("after"), members.count("limit"));
            case "unsubscribe" -> new ClientFrame.Unsubscribe(id, members.id("conversationId"));
            case "send" ->
                new ClientFrame.Send(
                        id,
                        members.id("conversationId"),
                        members.id("messageId"),
                        members.idOrNull("parentId"),
                        wellFormed(members.text("text")),
                        members.name("model"),
                        members.optionalId("replyId"));
            case "regenerate" ->
                new ClientFrame.Regenerate(
                        id, members.id("conversationId"), members.id("messageId"), members.id("replyId"));
            case "cancel" -> new ClientFrame.Cancel(id, members.id("conversationId"), members.id("replyId"));
            case "ping" -> new ClientFrame.Ping(id);
            default -> throw new MalformedFrameException("There is no frame of this type.", id);
        };
    }

    private JsonNode parse(String text) throws MalformedFrameException {
        try {
            JsonNode frame = reader.readTree(text);
            if (!frame.isObject()) {
                throw new MalformedFrameException("A frame is one JSON object.", null);
            }
            return frame;
        } catch (JacksonException e) {
            throw new MalformedFrameException("A frame is one JSON object.", null);
        }
    }

    private static RawJson requestId(JsonNode frame) throws MalformedFrameException {
        JsonNode id = frame.path("id");
        // Half a surrogate pair could not be sent back as it came.
        boolean text = id.isString()
                && id.asString().length() <= MAX_REQUEST_ID_CHARS
                && !LONE_SURROGATE.matcher(id.asString()).find();
        if (!text && !id.isInt() && !id.isLong()) {
            throw new MalformedFrameException(
                    "A frame has an id: a text of at most " + MAX_REQUEST_ID_CHARS
                            + " characters, none of them half a surrogate pair.",
                    null);
        }
        return new RawJson(id.toString());
    }

    /** Half a surrogate pair is no text: it could not be stored as it is, and a repeat would not be known again. */
    private static String wellFormed(String text) {
        return LONE_SURROGATE.matcher(text).replaceAll("\ufffd");
    }

    /** Reads members of one frame. */
    private record Members(JsonNode frame, RawJson id) {
        String text(String name) throws MalformedFrameException {
            String text = optionalText(name);
            if (text == null) {
                throw wrong(name, "is missing");
            }
            return text;
        }

        @Nullable
        String optionalText(String name) throws MalformedFrameException {
            JsonNode value = frame.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return null;
            }
            if (!value.isString()) {
                throw wrong(name, "is a text");
            }
            return value.asString();
        }

        @Nullable
        String name(String name) throws MalformedFrameException {
            String text = optionalText(name);
            if (text != null && text.length() > MAX_NAME_CHARS) {
                throw wrong(name, "has at most " + MAX_NAME_CHARS + " characters");
            }
            return text == null || text.isEmpty() ? null : wellFormed(text);
        }

        Id id(String name) throws MalformedFrameException {
            Id value = optionalId(name);
            if (value == null) {
                throw wrong(name, "is missing");
            }
            return value;
        }

        @Nullable
        Id idOrNull(String name) throws MalformedFrameException {
            if (!frame.has(name)) {
                throw wrong(name, "is missing");
            }
            return optionalId(name);
        }

        @Nullable
        Id optionalId(String name) throws MalformedFrameException {
            String text = optionalText(name);
            if (text == null) {
                return null;
            }
            if (!Id.isValid(text)) {
                throw wrong(name, "is an id: 1 to 64 characters of A-Z a-z 0-9 _ -");
            }
            return new Id(text);
        }

        @Nullable
        Integer count(String name) throws MalformedFrameException {
            JsonNode value = frame.path(name);
            if (value.isMissingNode() || value.isNull()) {
                return null;
            }
            if (!value.isInt() || value.asInt() < 0) {
                throw wrong(name, "is a number from 0");
            }
            return value.asInt();
        }

        private MalformedFrameException wrong(String name, String what) {
            return new MalformedFrameException("The member " + name + " " + what + ".", id);
        }
    }
}
