package chat.parley.conversation.archive;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.ConversationList;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.history.UserStore;
import chat.parley.conversation.session.Session;
import chat.parley.conversation.session.User;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Gives a person all that is kept of him as one archive. */
@RestController
class ArchiveController {
    private static final int FORMAT = 1;

    private final ConversationList list;
    private final ConversationReader reader;
    private final UserStore users;
    private final JsonMapper json;

    ArchiveController(ConversationList list, ConversationReader reader, UserStore users, JsonMapper json) {
        this.list = list;
        this.reader = reader;
        this.users = users;
        this.json = json;
    }

    /**
     * {@code parley.json} of the archive.
     *
     * @param format of the archive
     * @param conversations how many there were when it was begun
     * @param kept what is kept besides them
     */
    record Manifest(int format, Instant exportedAt, User user, int conversations, UserStore.Facts kept) {}

    /**
     * Writes the archive while it is read, with one conversation in memory at a time. If the store fails in the middle,
     * the connection breaks: a file that ends is whole.
     */
    @GetMapping("/api/export")
    void export(Session session, HttpServletResponse response) throws IOException {
        List<ConversationName> names = list.names(session.userId());
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Manifest manifest = new Manifest(FORMAT, now, session.user(), names.size(), users.facts(session.userId()));
        String day = now.truncatedTo(ChronoUnit.DAYS).toString().substring(0, "2000-01-01".length());
        response.setContentType("application/zip");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename("parley-" + day + ".zip")
                        .build()
                        .toString());
        ZipOutputStream zip = new ZipOutputStream(response.getOutputStream(), StandardCharsets.UTF_8);
        put(zip, "parley.json", json.writerWithDefaultPrettyPrinter().writeValueAsString(manifest));
        int number = 0;
        for (ConversationName name : names) {
            Snapshot snapshot = reader.snapshot(name, null);
            Conversation conversation = snapshot.conversation();
            // Else it was deleted meanwhile.
            if (conversation != null) {
                number++;
                String file =
                        String.format(Locale.ROOT, "conversations/%05d %s", number, FileNames.of(conversation.title()));
                put(zip, file + ".json", json.writeValueAsString(ConversationExport.of(conversation, snapshot)));
                put(zip, file + ".md", MarkdownExport.of(conversation, snapshot.messages(), json));
            }
        }
        zip.finish();
        response.flushBuffer();
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
