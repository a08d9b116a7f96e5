package chat.parley.conversation.archive;

import chat.parley.conversation.archive.Draft.Node;
import chat.parley.conversation.archive.Draft.Said;
import chat.parley.conversation.history.ImportedMessage.Failure;
import chat.parley.conversation.history.ImportedMessage.Status;
import chat.parley.events.Role;
import chat.parley.events.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A conversation in an export of Open WebUI: a tree of messages in {@code chat.history}; older ones have but a list of
 * them. What is told of it stands around {@code chat}, or is left out where it was exported alone.
 */
final class OpenWebUiFormat implements Format {
    @Override
    public boolean fits(JsonNode conversation) {
        JsonNode chat = chat(conversation);
        return chat.path("history").path("messages").isObject()
                || (conversation.has("chat") && chat.path("messages").isArray());
    }

    private static JsonNode chat(JsonNode conversation) {
        return conversation.path("chat").isObject() ? conversation.path("chat") : conversation;
    }

    @Override
    public Draft read(JsonNode conversation, Note note) {
        JsonNode chat = chat(conversation);
        List<String> prompts = new ArrayList<>();
        prompts.add(Format.text(chat.path("params").path("system")));
        prompts.add(Format.text(chat.path("system")));
        List<Node> nodes = new ArrayList<>();
        JsonNode tree = chat.path("history").path("messages");
        if (tree.isObject()) {
            for (Map.Entry<String, JsonNode> entry : tree.properties()) {
                JsonNode message = entry.getValue();
                nodes.add(node(entry.getKey(), Format.text(message.path("parentId")), message, prompts, note));
            }
        } else {
            String before = "";
            for (JsonNode message : chat.path("messages")) {
                String id = Format.text(message.path("id"));
                String name = id.isEmpty() ? "message-" + nodes.size() : id;
                nodes.add(node(name, before, message, prompts, note));
                before = name;
            }
        }
        if (conversation.path("archived").asBoolean(false)) {
            note.add(Remark.ARCHIVED);
        }
        String title = Format.text(conversation.path("title"));
        Instant started = Format.time(chat.path("timestamp"));
        Instant created = Format.time(conversation.path("created_at"));
        return new Draft(
                Draft.Source.OPEN_WEBUI,
                Format.text(conversation.path("id")),
                title.isEmpty() ? Format.text(chat.path("title")) : title,
                created == null ? started : created,
                Format.time(conversation.path("updated_at")),
                conversation.path("pinned").asBoolean(false),
                Format.text(chat.path("models").path(0)),
                prompts.stream().filter(prompt -> !prompt.isBlank()).findFirst().orElse(""),
                nodes,
                Format.text(chat.path("history").path("currentId")));
    }

    private static Node node(String id, String parentId, JsonNode message, List<String> prompts, Note note) {
        return new Node(id, parentId, said(message, prompts, note));
    }

    private static @Nullable Said said(JsonNode message, List<String> prompts, Note note) {
        String text = text(message.path("content"), note);
        if (message.path("files").asBoolean(false)) {
            note.add(Remark.FILES);
        }
        if (message.path("sources").asBoolean(false)
                || message.path("citations").asBoolean(false)) {
            note.add(Remark.SOURCES);
        }
        Instant at = Format.time(message.path("timestamp"));
        String role = Format.text(message.path("role"));
        switch (role) {
            case "user" -> {
                return Said.byPerson(text, at, "");
            }
            case "assistant" -> {
                return answer(message, text, at);
            }
            case "system" -> prompts.add(text);
            default -> note.add(Remark.OTHER_ROLE);
        }
        return null;
    }

    private static Said answer(JsonNode message, String text, @Nullable Instant at) {
        JsonNode error = message.path("error");
        boolean failed = error.isObject() || error.isString() || error.asBoolean(false);
        boolean stopped =
                message.path("done").isBoolean() && !message.path("done").asBoolean();
        String reason = Notes.shortened(Format.text(error.isObject() ? error.path("content") : error));
        return new Said(
                Role.ASSISTANT,
                text,
                failed ? Status.FAILED : stopped ? Status.CANCELLED : Status.COMPLETE,
                at,
                "",
                Format.text(message.path("model")),
                usage(message.path("usage")),
                failed ? new Failure("provider_rejected", reason, false, null) : null);
    }

    private static @Nullable Usage usage(JsonNode usage) {
        return ParleyFormat.usage(usage.path("prompt_tokens"), usage.path("completion_tokens"));
    }

    private static String text(JsonNode content, Note note) {
        if (!content.isArray()) {
            return Format.text(content);
        }
        StringJoiner text = new StringJoiner("\n");
        for (JsonNode part : content) {
            if (part.path("text").isString()) {
                text.add(part.path("text").asString());
            } else {
                note.add(Remark.IMAGE);
            }
        }
        return text.toString();
    }
}
