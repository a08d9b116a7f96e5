package chat.parley.conversation.history;

import chat.parley.events.Id;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The texts that a user keeps to ask with them again. */
@Component
public class PromptStore {
    private final Redis redis;
    private final JsonMapper json;

    PromptStore(Redis redis, JsonMapper json) {
        this.redis = redis;
        this.json = json;
    }

    /** A text that is kept under a title. */
    public record Prompt(Id id, String title, String text) {}

    /** As it is stored. */
    private record Stored(String title, String text) {}

    /**
     * All of a user's prompts, by title.
     *
     * @throws RefusedException UNAVAILABLE if Redis gave no answer in time
     */
    public List<Prompt> all(Id userId) {
        List<Prompt> prompts = new ArrayList<>();
        Map<String, String> stored = redis.await(redis.commands().hgetall(Keys.prompts(userId)));
        stored.forEach((id, value) -> {
            JsonNode prompt = json.readTree(value);
            prompts.add(new Prompt(
                    new Id(id),
                    prompt.path("title").asString(),
                    prompt.path("text").asString()));
        });
        prompts.sort(Comparator.comparing(Prompt::title, String.CASE_INSENSITIVE_ORDER)
                .thenComparing(prompt -> prompt.id().value()));
        return prompts;
    }

    /**
     * Keeps a prompt, in place of one with the same id.
     *
     * @param most most prompts of a user
     * @throws RefusedException BAD_REQUEST if there are as many as there may be; UNAVAILABLE if Redis gave no answer in
     *     time, then the same again is safe
     */
    public void keep(Id userId, Prompt prompt, int most) {
        String value = json.writeValueAsString(new Stored(prompt.title(), prompt.text()));
        String[] keys = {Keys.prompts(userId)};
        if (redis.number(Script.KEEP_PROMPT, keys, prompt.id(), value, most) == 0) {
            throw new RefusedException(
                    ErrorCode.BAD_REQUEST,
                    "There are " + most + " saved prompts, and no more are kept: please delete some first.");
        }
    }

    /**
     * Deletes a prompt; one that is not there is deleted already.
     *
     * @throws RefusedException UNAVAILABLE if Redis gave no answer in time
     */
    public void delete(Id userId, Id id) {
        var _ = redis.await(redis.commands().hdel(Keys.prompts(userId), id.value()));
    }
}
