package chat.parley.conversation.archive;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.ConversationStore;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.session.Session;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Gives a person a conversation as a file. */
@RestController
class ExportController {
    private static final MediaType MARKDOWN = new MediaType(MediaType.TEXT_MARKDOWN, StandardCharsets.UTF_8);

    private final ConversationReader reader;
    private final JsonMapper json;

    ExportController(ConversationReader reader, JsonMapper json) {
        this.reader = reader;
        this.json = json;
    }

    @GetMapping("/api/conversations/{id}/export")
    ResponseEntity<byte[]> export(
            Session session, @PathVariable String id, @RequestParam(defaultValue = "markdown") String format) {
        Snapshot snapshot = reader.snapshot(ConversationName.asked(session.userId(), id), null);
        Conversation conversation = snapshot.conversation();
        if (conversation == null) {
            throw ConversationStore.notFound();
        }
        return switch (format) {
            case "markdown" ->
                file(conversation, "md", MARKDOWN, MarkdownExport.of(conversation, snapshot.messages(), json));
            case "json" ->
                file(
                        conversation,
                        "json",
                        MediaType.APPLICATION_JSON,
                        json.writeValueAsString(ConversationExport.of(conversation, snapshot)));
            default -> throw new RefusedException(ErrorCode.BAD_REQUEST, "A format is markdown or json.");
        };
    }

    private static ResponseEntity<byte[]> file(
            Conversation conversation, String extension, MediaType type, String content) {
        ContentDisposition disposition = ContentDisposition.attachment()
                .filename(FileNames.of(conversation.title()) + "." + extension, StandardCharsets.UTF_8)
                .build();
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition.toString())
                .contentType(type)
                .body(content.getBytes(StandardCharsets.UTF_8));
    }
}
