package chat.parley.conversation.archive;

import chat.parley.conversation.Browser;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An export as ChatGPT writes it, made up: with branches, steps of tools, and all sorts of letters. */
final class ChatGptExport {
    private static final String[] WORDS = {
        "whale", "Ünïcode", "中文", "`code`", "🐋", "\"quoted\"", "a\\b", "tab\there", "<b>"
    };

    private final Random random;

    ChatGptExport(long seed) {
        random = new Random(seed);
    }

    ArrayNode conversations(int count) {
        ArrayNode all = Browser.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            all.add(conversation(i));
        }
        return all;
    }

    private ObjectNode conversation(int number) {
        double at = 1_600_000_000 + number * 86_400 + random.nextInt(86_000) + random.nextInt(1000) / 1000.0;
        ObjectNode conversation = Browser.JSON.createObjectNode();
        conversation.put("title", "Talk " + number + " of " + words(2));
        conversation.put("create_time", at);
        conversation.put("update_time", at + 10_000.5);
        ObjectNode mapping = conversation.putObject("mapping");
        node(mapping, "client-created-root", null);
        ObjectNode system = node(mapping, uuid(), "client-created-root");
        message(system, "system", "", at).put("weight", 0.0);
        String parent = system.path("id").asString();
        for (int turn = 0; turn <= random.nextInt(4); turn++) {
            ObjectNode question = node(mapping, uuid(), parent);
            message(question, "user", words(12), at + turn * 100);
            String last = question.path("id").asString();
            if (random.nextInt(4) == 0) {
                ObjectNode call = node(mapping, uuid(), last);
                message(call, "assistant", "search(\"x\")", at + turn * 100 + 1).put("recipient", "web");
                ObjectNode result = node(mapping, uuid(), call.path("id").asString());
                message(result, "tool", "found", at + turn * 100 + 2);
                last = result.path("id").asString();
            }
            for (int version = 0; version <= random.nextInt(3); version++) {
                ObjectNode answer = node(mapping, uuid(), last);
                message(answer, "assistant", words(40), at + turn * 100 + 10 + version)
                        .withObject("/metadata")
                        .put("model_slug", "gpt-4o")
                        .putArray("citations")
                        .add("left out");
                parent = answer.path("id").asString();
            }
        }
        conversation.put("current_node", parent);
        conversation.put("conversation_id", uuid());
        conversation.put("default_model_slug", "gpt-4o");
        return conversation;
    }

    private static ObjectNode node(ObjectNode mapping, String id, String parent) {
        ObjectNode node = mapping.putObject(id);
        node.put("id", id);
        node.putNull("message");
        node.put("parent", parent);
        node.putArray("children");
        if (parent != null) {
            mapping.path(parent).withArray("/children").add(id);
        }
        return node;
    }

    private static ObjectNode message(ObjectNode node, String role, String text, double at) {
        ObjectNode message = node.putObject("message");
        message.put("id", node.path("id").asString());
        message.putObject("author").put("role", role).putNull("name").putObject("metadata");
        message.put("create_time", at);
        message.putNull("update_time");
        message.putObject("content")
                .put("content_type", "text")
                .putArray("parts")
                .add(text);
        message.put("status", "finished_successfully").put("weight", 1.0).put("recipient", "all");
        message.putObject("metadata");
        return message;
    }

    private String words(int most) {
        StringBuilder text = new StringBuilder("Say");
        for (int i = 0; i <= random.nextInt(most); i++) {
            text.append(random.nextInt(8) == 0 ? "\n" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
