package chat.parley.conversation.archive;

import chat.parley.conversation.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes conversations over from a file. */
@RestController
class ImportController {
    private final Importer importer;

    ImportController(Importer importer) {
        this.importer = importer;
    }

    /** The body is the file itself, read while it comes. */
    @PostMapping(
            path = "/api/conversations/import",
            consumes = {"application/json", "application/zip"})
    Importer.Report take(Session session, HttpServletRequest request) throws IOException {
        return importer.run(session.userId(), request.getInputStream());
    }
}
