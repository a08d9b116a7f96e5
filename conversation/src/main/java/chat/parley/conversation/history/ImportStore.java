package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Call;
import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/**
 * Writes conversations that come from files. Every method throws {@link RefusedException} with
 * {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time; asking again is safe.
 */
@Component
public class ImportStore {
    /** What a conversation takes beside its texts, about. */
    private static final int FIXED_BYTES = 1024;

    private final Redis redis;
    private final HistoryProperties properties;
    private final MessageJson json;

    ImportStore(Redis redis, HistoryProperties properties, MessageJson json) {
        this.redis = redis;
        this.properties = properties;
        this.json = json;
    }

    /** What became of a conversation; only {@link #IMPORTED} has changed anything. */
    public enum Outcome {
        IMPORTED,
        /** There is one of that name. */
        EXISTS,
        /** There was one of that name, and it was deleted. */
        GONE,
        /** Its owner has as many conversations as he may. */
        TOO_MANY,
        /** Its owner has imported as many bytes today (UTC) as he may. */
        TOO_MUCH
    }

    /**
     * Writes a conversation, wholly or not at all, and tells its owner's open pages.
     *
     * @param stored as {@link #stored} gives them
     * @throws RefusedException UNAVAILABLE also if the store is so full that the rest is kept for what people write
     */
    public Outcome write(ImportedConversation conversation, Stored stored) {
        boolean titled = !conversation.title().isEmpty();
        String systemPrompt = Optional.ofNullable(conversation.systemPrompt()).orElse("");
        long bytes = stored.bytes() + FIXED_BYTES + utf8(conversation.title()) + utf8(systemPrompt);
        List<String> arguments = new ArrayList<>(List.of(
                Long.toString(bytes),
                Long.toString(properties.importedPerDay().toBytes()),
                Integer.toString(properties.conversationsPerUser()),
                titled
                        ? conversation.title()
                        : Titles.fromWords(conversation.messages().getFirst().text(), properties.titleChars()),
                titled ? "person" : "words",
                conversation.createdAt().toString(),
                conversation.updatedAt().toString(),
                Long.toString(conversation.updatedAt().toEpochMilli()),
                conversation.pinned() ? "1" : "0",
                Optional.ofNullable(conversation.model()).orElse(""),
                systemPrompt,
                Integer.toString(properties.importedUpTo())));
        arguments.addAll(stored.idsAndMessages());
        List<Object> answer = redis.list(new Call(Script.IMPORT, conversation.name(), arguments));
        String outcome = answer.getFirst().toString();
        if (outcome.equals("too_full")) {
            throw new RefusedException(
                    ErrorCode.UNAVAILABLE,
                    "The server's store is nearly full, and the rest of it is kept for what people write. No more was"
                            + " imported; whoever runs this server can give it more memory.");
        }
        return Outcome.valueOf(outcome.toUpperCase(Locale.ROOT));
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Messages as they are kept.
     *
     * @param idsAndMessages each id, and the JSON behind it
     * @param bytes of all, in UTF-8
     */
    public record Stored(List<String> idsAndMessages, long bytes) {
        public Stored {
            idsAndMessages = List.copyOf(idsAndMessages);
        }
    }

    /** Gives messages the form in which they are kept. */
    public Stored stored(List<ImportedMessage> messages) {
        List<String> idsAndMessages = new ArrayList<>(2 * messages.size());
        long bytes = 0;
        for (ImportedMessage message : messages) {
            String written = json.imported(message);
            bytes += utf8(written);
            idsAndMessages.add(message.id().value());
            idsAndMessages.add(written);
        }
        return new Stored(idsAndMessages, bytes);
    }

    /**
     * What is known of the names that a conversation may get.
     *
     * @param exists one of them is there
     * @param gone for each whether it was deleted
     */
    public record Known(boolean exists, List<Boolean> gone) {
        public Known {
            gone = List.copyOf(gone);
        }
    }

    /** Looks for conversations of a user. */
    public Known look(Id userId, List<Id> ids) {
        List<CompletionStage<Long>> there = new ArrayList<>();
        List<CompletionStage<Long>> gone = new ArrayList<>();
        for (Id id : ids) {
            ConversationName name = new ConversationName(userId, id);
            there.add(redis.commands().exists(Keys.meta(name)));
            gone.add(redis.commands().exists(Keys.gone(name)));
        }
        boolean exists = redis.awaitAll(there).stream().anyMatch(count -> count == 1);
        return new Known(
                exists, redis.awaitAll(gone).stream().map(count -> count == 1).toList());
    }
}
