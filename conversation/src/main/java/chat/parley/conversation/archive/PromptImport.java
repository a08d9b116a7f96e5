package chat.parley.conversation.archive;

import chat.parley.conversation.api.ApiProperties;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.PromptStore;
import chat.parley.conversation.history.PromptStore.Prompt;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Takes over the saved prompts of an archive, which are in its {@code parley.json}. */
@Component
class PromptImport {
    private final PromptStore store;
    private final ApiProperties limits;

    PromptImport(PromptStore store, ApiProperties limits) {
        this.store = store;
        this.limits = limits;
    }

    /** Whether this is a {@code parley.json}. */
    static boolean fits(JsonNode json) {
        return json.path("format").isNumber() && json.path("kept").isObject();
    }

    /**
     * Keeps those that are not there yet; one that is there stays as it is.
     *
     * @param known ids of those that are there; those that are new are added
     * @return how many are new
     */
    int take(Id userId, JsonNode manifest, Set<Id> known, Notes notes) {
        int taken = 0;
        for (JsonNode given : manifest.path("kept").path("prompts")) {
            String id = given.path("id").asString("");
            String title = given.path("title").asString("").strip();
            String text = given.path("text").asString("");
            if (!Id.isValid(id)
                    || title.isEmpty()
                    || title.length() > limits.titleChars()
                    || text.isBlank()
                    || text.length() > limits.promptChars()) {
                notes.addOfFile(Remark.BAD_PROMPT);
            } else if (known.size() >= limits.prompts() && !known.contains(new Id(id))) {
                notes.addOfFile(Remark.TOO_MANY_PROMPTS);
            } else if (known.add(new Id(id)) && keep(userId, new Prompt(new Id(id), title, text), notes)) {
                taken++;
            }
        }
        return taken;
    }

    /** The ids of those that are there. */
    Set<Id> known(Id userId) {
        return store.all(userId).stream().map(Prompt::id).collect(Collectors.toCollection(HashSet::new));
    }

    private boolean keep(Id userId, Prompt prompt, Notes notes) {
        try {
            store.keep(userId, prompt, limits.prompts());
            return true;
        } catch (RefusedException e) {
            if (e.code() != ErrorCode.BAD_REQUEST) {
                throw e;
            }
            notes.addOfFile(Remark.TOO_MANY_PROMPTS);
            return false;
        }
    }
}
