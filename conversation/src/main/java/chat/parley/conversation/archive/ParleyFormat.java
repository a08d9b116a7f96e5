package chat.parley.conversation.archive;

import chat.parley.conversation.archive.Draft.Node;
import chat.parley.conversation.archive.Draft.Said;
import chat.parley.conversation.history.ImportedMessage.Failure;
import chat.parley.conversation.history.ImportedMessage.Status;
import chat.parley.events.Role;
import chat.parley.events.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What {@link ExportController} writes. */
final class ParleyFormat implements Format {
    private static final int LONGEST_REASON = 1000;
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");

    @Override
    public boolean fits(JsonNode conversation) {
        return conversation.path("conversation").isObject()
                && conversation.path("messages").isArray();
    }

    @Override
    public Draft read(JsonNode file, Note note) {
        JsonNode conversation = file.path("conversation");
        Map<String, List<Node>> replies = new LinkedHashMap<>();
        for (JsonNode reply : file.path("replies")) {
            note.add(Remark.OPEN_REPLY);
            Node node = node(reply, "messageId", null);
            replies.computeIfAbsent(node.parentId(), parent -> new ArrayList<>())
                    .add(node);
        }
        List<Node> nodes = new ArrayList<>();
        for (JsonNode message : file.path("messages")) {
            Said said = said(message);
            if (said == null) {
                note.add(Remark.OTHER_ROLE);
            }
            Node node = node(message, "id", said);
            nodes.add(node);
            // What was written meanwhile follows one of these.
            nodes.addAll(replies.getOrDefault(node.id(), List.of()));
        }
        return new Draft(
                Draft.Source.PARLEY,
                Format.text(conversation.path("id")),
                Format.text(conversation.path("title")),
                Format.time(conversation.path("createdAt")),
                Format.time(conversation.path("updatedAt")),
                conversation.path("pinned").asBoolean(false),
                Format.text(conversation.path("model")),
                Format.text(conversation.path("systemPrompt")),
                nodes,
                "");
    }

    private static Node node(JsonNode message, String id, @Nullable Said said) {
        return new Node(Format.text(message.path(id)), Format.text(message.path("parentId")), said);
    }

    private static @Nullable Said said(JsonNode message) {
        String role = Format.text(message.path("role"));
        String text = Format.text(message.path("text"));
        return switch (role) {
            case "user" ->
                Said.byPerson(text, Format.time(message.path("createdAt")), Format.text(message.path("replyId")));
            case "assistant" ->
                new Said(
                        Role.ASSISTANT,
                        text,
                        status(message),
                        Format.time(message.path("createdAt")),
                        "",
                        Format.text(message.path("model")),
                        usage(message.path("usage")),
                        failure(message.path("error")));
            default -> null;
        };
    }

    private static Status status(JsonNode message) {
        String text = Format.text(message.path("status"));
        Optional<Status> known = Arrays.stream(Status.values())
                .filter(status -> status.json().equals(text))
                .findFirst();
        return known.orElse(Status.COMPLETE);
    }

    private static @Nullable Usage usage(JsonNode usage) {
        return usage(usage.path("promptTokens"), usage.path("completionTokens"));
    }

    /** What an answer cost; null if it is not told, or not as two counts. */
    static @Nullable Usage usage(JsonNode prompt, JsonNode completion) {
        return isCount(prompt) && isCount(completion) ? new Usage(prompt.asInt(), completion.asInt()) : null;
    }

    private static boolean isCount(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= 0;
    }

    private static @Nullable Failure failure(JsonNode error) {
        String code = Format.text(error.path("code"));
        String message = Format.text(error.path("message"));
        String cause = Format.text(error.path("cause"));
        if (!CODE.matcher(code).matches() || message.length() > LONGEST_REASON) {
            return null;
        }
        return new Failure(
                code,
                message,
                error.path("retryable").asBoolean(false),
                CODE.matcher(cause).matches() ? cause : null);
    }
}
