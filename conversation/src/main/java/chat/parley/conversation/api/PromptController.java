package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.PromptStore;
import chat.parley.conversation.history.PromptStore.Prompt;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.session.Session;
import chat.parley.events.Id;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A user's saved prompts. */
@RestController
@RequestMapping("/api/prompts")
class PromptController {
    private final PromptStore store;
    private final ApiProperties properties;

    PromptController(PromptStore store, ApiProperties properties) {
        this.store = store;
        this.properties = properties;
    }

    record Prompts(List<Prompt> items) {}

    /** What a person writes; both have to be there. */
    record Words(@Nullable String title, @Nullable String text) {}

    @GetMapping
    Prompts all(Session session) {
        return new Prompts(store.all(session.userId()));
    }

    @PutMapping("/{id}")
    Prompt keep(Session session, @PathVariable String id, @RequestBody Words words) {
        if (!Id.isValid(id)) {
            throw new RefusedException(
                    ErrorCode.BAD_REQUEST, "An id has 1 to 64 characters of A-Z, a-z, 0-9, _ and -.");
        }
        Prompt prompt = new Prompt(
                new Id(id),
                checked("title", words.title(), properties.titleChars()).strip(),
                checked("text", words.text(), properties.promptChars()));
        store.keep(session.userId(), prompt, properties.prompts());
        return prompt;
    }

    private static String checked(String name, @Nullable String text, int most) {
        if (text == null || text.isBlank()) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "A saved prompt has a " + name + ".");
        }
        if (text.length() > most) {
            throw new RefusedException(ErrorCode.TOO_LARGE, name + " has at most " + most + " characters.");
        }
        return text;
    }

    /** What can't be an id is none of a prompt that is there. */
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(Session session, @PathVariable String id) {
        if (Id.isValid(id)) {
            store.delete(session.userId(), new Id(id));
        }
    }
}
