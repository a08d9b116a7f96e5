package chat.parley.conversation.archive;

import chat.parley.conversation.archive.Draft.Node;
import chat.parley.conversation.archive.Draft.Said;
import chat.parley.conversation.history.ImportedMessage.Status;
import chat.parley.events.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A conversation in {@code conversations.json} of ChatGPT: a tree of nodes in {@code mapping}, of which many are steps
 * that its page does not show.
 */
final class ChatGptFormat implements Format {

    @Override
    public boolean fits(JsonNode conversation) {
        return conversation.path("mapping").isObject();
    }

    @Override
    public Draft read(JsonNode conversation, Note note) {
        List<Node> nodes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : conversation.path("mapping").properties()) {
            JsonNode node = entry.getValue();
            nodes.add(new Node(entry.getKey(), Format.text(node.path("parent")), said(node.path("message"), note)));
        }
        if (conversation.path("is_archived").asBoolean(false)) {
            note.add(Remark.ARCHIVED);
        }
        String id = Format.text(conversation.path("conversation_id"));
        return new Draft(
                Draft.Source.CHATGPT,
                id.isEmpty() ? Format.text(conversation.path("id")) : id,
                Format.text(conversation.path("title")),
                Format.time(conversation.path("create_time")),
                Format.time(conversation.path("update_time")),
                conversation.path("is_starred").asBoolean(false),
                Format.text(conversation.path("default_model_slug")),
                "",
                nodes,
                Format.text(conversation.path("current_node")));
    }

    private static @Nullable Said said(JsonNode message, Note note) {
        if (!message.isObject()) {
            return null;
        }
        String role = Format.text(message.path("author").path("role"));
        JsonNode content = message.path("content");
        if (!role.equals("user") && !role.equals("assistant")) {
            stepOf(role, content, note);
            return null;
        }
        JsonNode metadata = message.path("metadata");
        if (metadata.path("is_visually_hidden_from_conversation").asBoolean(false)) {
            note.add(Remark.HIDDEN_MESSAGE);
            return null;
        }
        if (role.equals("assistant") && !Format.text(message.path("recipient")).matches("|all")) {
            note.add(Remark.TOOL_CALL);
            return null;
        }
        String text = text(content, note);
        if (metadata.path("attachments").asBoolean(false)) {
            note.add(Remark.FILES);
        }
        if (text.isEmpty()) {
            return null;
        }
        Instant at = Format.time(message.path("create_time"));
        return role.equals("user")
                ? Said.byPerson(text, at, "")
                : new Said(
                        Role.ASSISTANT,
                        text,
                        status(message),
                        at,
                        "",
                        Format.text(metadata.path("model_slug")),
                        null,
                        null);
    }

    /** What a tool or the system says is not shown; the image that a tool has made would be. */
    private static void stepOf(String role, JsonNode content, Note note) {
        if (role.equals("tool")) {
            note.add(Remark.TOOL_RESULT);
        }
        for (JsonNode part : content.path("parts")) {
            if (isImage(part)) {
                note.add(Remark.IMAGE);
            }
        }
    }

    private static String text(JsonNode content, Note note) {
        return switch (Format.text(content.path("content_type"))) {
            case "text", "multimodal_text", "" -> parts(content.path("parts"), note);
            case "code" -> fenced(content);
            case "thoughts", "reasoning_recap" -> {
                note.add(Remark.THOUGHTS);
                yield "";
            }
            case "user_editable_context", "model_editable_context" -> {
                note.add(Remark.GENERAL_INSTRUCTIONS);
                yield "";
            }
            default -> {
                note.add(Remark.OTHER_CONTENT, Notes.shortened(Format.text(content.path("content_type"))));
                yield Format.text(content.path("text"));
            }
        };
    }

    private static String parts(JsonNode parts, Note note) {
        StringJoiner text = new StringJoiner("\n");
        boolean image = false;
        for (JsonNode part : parts) {
            if (part.isString()) {
                if (!part.asString().isEmpty()) {
                    text.add(part.asString());
                }
            } else if (part.path("text").isString()) {
                text.add(part.path("text").asString());
            } else if (isImage(part)) {
                image = true;
                note.add(Remark.IMAGE);
            } else {
                note.add(Remark.PART);
            }
        }
        return text.length() == 0 && image ? "[image]" : text.toString();
    }

    private static boolean isImage(JsonNode part) {
        return Format.text(part.path("content_type")).contains("image");
    }

    private static String fenced(JsonNode content) {
        String text = Format.text(content.path("text"));
        String language = Format.text(content.path("language"));
        String fence = text.contains("```") ? "~~~~" : "```";
        return text.isEmpty()
                ? ""
                : fence + (language.matches("[a-z0-9+#-]{1,20}") ? language : "") + "\n" + text + "\n" + fence;
    }

    private static Status status(JsonNode message) {
        boolean interrupted = Format.text(
                        message.path("metadata").path("finish_details").path("type"))
                .equals("interrupted");
        return interrupted || Format.text(message.path("status")).equals("in_progress")
                ? Status.CANCELLED
                : Status.COMPLETE;
    }
}
