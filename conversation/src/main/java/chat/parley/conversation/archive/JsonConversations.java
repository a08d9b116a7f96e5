package chat.parley.conversation.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the conversations of a JSON file one after the other: one alone, a list of them, or one after the other. Only
 * one is in memory at a time, without what no {@link Format} asks for, and none that is too large.
 */
final class JsonConversations {
    /** What around the messages of a conversation may be as large as all else. Whether it is there is still told. */
    private static final Set<String> LEFT_OUT = Set.of(
            "files",
            "sources",
            "citations",
            "statusHistory",
            "moderation_results",
            "safe_urls",
            "embeds",
            "code_executions");

    private static final String METADATA = "metadata";
    /** The one thing in a message's metadata that is an object and is asked for. */
    private static final String ENDING = "finish_details";
    /** How much more a file may have around the messages than these have themselves. */
    private static final int AROUND = 4;
    /** About what a value takes in memory, besides its text, in bytes. */
    private static final int WEIGHT = 32;

    /**
     * No name that a format asks for is nearly as long, nor is an id. Names are kept for a while, also of other files.
     */
    private static final int LONGEST_NAME = 256;

    /** Any whole number of so many digits is a long. */
    private static final int LONGEST_LONG = 18;

    private final JsonFactory factory;
    private final long mostWeight;

    JsonConversations(ArchiveProperties properties) {
        mostWeight = AROUND * properties.conversationSize().toBytes();
        factory = JsonFactory.builder()
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(properties.depth())
                        .maxNameLength(LONGEST_NAME)
                        .maxStringLength(
                                Math.toIntExact(properties.conversationSize().toBytes()))
                        .build())
                .build();
    }

    /** A conversation is larger than what is read. */
    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("A conversation is too large", null, false, false);
        }
    }

    /**
     * Reads a file; what is no JSON ends it, and is told of.
     *
     * @param each gets every value that may be a conversation
     * @throws IOException if the file could not be read
     */
    void read(InputStream file, Notes notes, Consumer<JsonNode> each) throws IOException {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), file)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() != JsonToken.START_ARRAY) {
                    one(parser, notes, each);
                    continue;
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    one(parser, notes, each);
                }
            }
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            notes.addOfFile(Remark.NO_JSON);
        }
    }

    private void one(JsonParser parser, Notes notes, Consumer<JsonNode> each) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            notes.addOfFile(Remark.NO_CONVERSATION);
            parser.skipChildren();
            return;
        }
        int depth = parser.streamReadContext().getNestingDepth();
        JsonNode conversation;
        try {
            conversation = new Reading(parser).value(false);
        } catch (TooLargeException e) {
            notes.addOfFile(Remark.CONVERSATION_TOO_LARGE);
            while (parser.streamReadContext().getNestingDepth() >= depth) {
                parser.nextToken();
            }
            return;
        }
        each.accept(conversation);
    }

    private final class Reading {
        private final JsonParser parser;
        private long weight;

        Reading(JsonParser parser) {
            this.parser = parser;
        }

        /** @param isMetadata whether this is an object that is but metadata: what it has in it is left out */
        JsonNode value(boolean isMetadata) {
            JsonNodeFactory nodes = JsonNodeFactory.instance;
            weigh(0);
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(nodes.objectNode(), isMetadata);
                case START_ARRAY -> array(nodes.arrayNode());
                case VALUE_STRING -> {
                    weigh(parser.getStringLength());
                    yield nodes.stringNode(parser.getString());
                }
                case VALUE_TRUE -> nodes.booleanNode(true);
                case VALUE_FALSE -> nodes.booleanNode(false);
                case VALUE_NUMBER_INT ->
                    parser.getStringLength() <= LONGEST_LONG
                            ? nodes.numberNode(parser.getLongValue())
                            : nodes.numberNode(parser.getDoubleValue());
                case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDoubleValue());
                default -> nodes.nullNode();
            };
        }

        private ObjectNode object(ObjectNode object, boolean isMetadata) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                weigh(name.length());
                boolean isStruct = parser.nextToken().isStructStart();
                if (isStruct && (LEFT_OUT.contains(name) || (isMetadata && !name.equals(ENDING)))) {
                    object.put(name, skipped());
                } else {
                    object.set(name, value(name.equals(METADATA)));
                }
            }
            return object;
        }

        private ArrayNode array(ArrayNode array) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(false));
            }
            return array;
        }

        /** Returns whether there was anything in it. */
        private boolean skipped() {
            int depth = parser.streamReadContext().getNestingDepth();
            boolean any = !parser.nextToken().isStructEnd();
            while (parser.streamReadContext().getNestingDepth() >= depth) {
                parser.nextToken();
            }
            return any;
        }

        private void weigh(int characters) {
            weight += WEIGHT + characters;
            if (weight > mostWeight) {
                throw new TooLargeException();
            }
        }
    }
}
