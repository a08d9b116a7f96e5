package chat.parley.conversation.archive;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.RawJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes a conversation as Markdown, in the order in which things were said. */
final class MarkdownExport {
    private static final int QUOTED = 60;

    private MarkdownExport() {}

    static String of(Conversation conversation, List<RawJson> messages, JsonMapper json) {
        StringBuilder out = new StringBuilder("# ").append(conversation.title()).append("\n");
        Map<String, String> texts = new HashMap<>();
        String before = "";
        for (RawJson raw : messages) {
            JsonNode message = json.readTree(raw.json());
            String id = message.path("id").asString();
            String parent = message.path("parentId").asString("");
            String text = message.path("text").asString();
            out.append("\n## ").append(heading(message)).append("\n\n");
            // Whatever does not follow what stands above it is another branch.
            if (!parent.equals(before)) {
                out.append(parent.isEmpty() ? "_(a new beginning)_" : "_(to: " + words(texts.get(parent)) + ")_")
                        .append("\n\n");
            }
            out.append(text.isEmpty() ? "_(nothing)_" : text).append("\n");
            if (!message.path("status").asString().equals("complete")) {
                out.append("\n_(").append(ending(message)).append(")_\n");
            }
            texts.put(id, text);
            before = id;
        }
        return out.toString();
    }

    private static String heading(JsonNode message) {
        if (message.path("role").asString().equals("user")) {
            return "You";
        }
        String model = message.path("model").asString("");
        return model.isEmpty() ? "Assistant" : "Assistant (" + model + ")";
    }

    private static String ending(JsonNode message) {
        return message.path("status").asString().equals("cancelled")
                ? "stopped"
                : "failed: " + message.path("error").path("message").asString("");
    }

    private static String words(@Nullable String text) {
        String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
        return line.length() <= QUOTED ? line : line.substring(0, line.offsetByCodePoints(0, QUOTED / 2)) + "…";
    }
}
