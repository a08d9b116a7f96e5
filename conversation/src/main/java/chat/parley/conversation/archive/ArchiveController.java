package chat.parley.conversation.archive;

import chat.parley.conversation.history.Conversation;
import chat.parley.conversation.history.ConversationList;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.history.UserStore;
import chat.parley.conversation.session.Session;
import chat.parley.conversation.session.User;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
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

    private final Turns turns;

    ArchiveController(
            ConversationList list,
            ConversationReader reader,
            UserStore users,
            JsonMapper json,
            ArchiveProperties properties) {
        this.list = list;
        this.reader = reader;
        this.users = users;
        this.json = json;
        this.turns = new Turns(
                properties.exportsAtOnce(),
                "Another archive of yours is being written just now",
                "Other archives are being written just now");
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
     * the connection breaks: a file that ends is whole. {@code HEAD} takes no turn, and says whether there is one: a
     * page that lets the browser save the file can't read a refusal.
     *
     * @throws RefusedException RATE_LIMITED while another one of this user is being written, or as many as may be at
     *     once
     */
    @GetMapping("/api/export")
    void export(Session session, HttpMethod method, HttpServletResponse response) throws IOException {
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        if (method.equals(HttpMethod.HEAD)) {
            turns.check(session.userId());
            describe(now, response);
            return;
        }
        try (Turns.Turn _ = turns.take(session.userId())) {
            List<ConversationName> names = list.names(session.userId());
            Manifest manifest = new Manifest(FORMAT, now, session.user(), names.size(), users.facts(session.userId()));
            describe(now, response);
            Archive zip = new Archive(response.getOutputStream());
            try {
                put(zip, "parley.json", json.writerWithDefaultPrettyPrinter().writeValueAsString(manifest));
                put(zip, names);
                zip.finish();
            } finally {
                zip.free();
            }
            response.flushBuffer();
        }
    }

    /** Ends an archive also where it is not whole: closing it would write an end. */
    private static final class Archive extends ZipOutputStream {
        Archive(OutputStream out) {
            super(out, StandardCharsets.UTF_8);
        }

        /** Frees the memory that packing has outside the heap. Nothing can be written from then on. */
        void free() {
            def.end();
        }
    }

    private static void describe(Instant now, HttpServletResponse response) {
        String day = now.truncatedTo(ChronoUnit.DAYS).toString().substring(0, "2000-01-01".length());
        response.setContentType("application/zip");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename("parley-" + day + ".zip")
                        .build()
                        .toString());
    }

    private void put(ZipOutputStream zip, List<ConversationName> names) throws IOException {
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
    }

    private static void put(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
