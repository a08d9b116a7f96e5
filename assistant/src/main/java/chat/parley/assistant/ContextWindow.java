package chat.parley.assistant;

import chat.parley.events.ChatMessage;
import chat.parley.events.Role;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a history to what the model can look at, counted in tokens of {@code o200k_base}. */
final class ContextWindow {
    /** What a message costs beside its text. */
    private static final int TOKENS_PER_MESSAGE = 4;

    private final int budget;

    /** Makes one for so many tokens of prompt; room for the answer is not among them. */
    ContextWindow(int budget) {
        this.budget = budget;
    }

    static ContextWindow of(ProviderProperties properties) {
        @Nullable Integer output = properties.maxOutputTokens();
        return new ContextWindow(properties.contextTokens() - (output == null ? properties.reservedTokens() : output));
    }

    /**
     * The newest messages that fit, oldest first: always the last one, whatever it costs, and never an answer without
     * the question before it.
     *
     * @param messages oldest first, the question last
     */
    List<ChatMessage> cut(@Nullable String systemPrompt, List<ChatMessage> messages) {
        if (surelyFits(systemPrompt, messages)) {
            return messages;
        }
        int last = messages.size() - 1;
        int left = budget
                - (systemPrompt == null ? 0 : tokens(systemPrompt))
                - tokens(messages.get(last).text());
        int first = last;
        while (first > 0) {
            left -= tokens(messages.get(first - 1).text());
            if (left < 0) {
                break;
            }
            first--;
        }
        while (first < last && first > 0 && messages.get(first).role() == Role.ASSISTANT) {
            first++;
        }
        return messages.subList(first, messages.size());
    }

    /** A token is at least one byte: most histories are short enough for that to say everything, and cheaply. */
    private boolean surelyFits(@Nullable String systemPrompt, List<ChatMessage> messages) {
        long most = systemPrompt == null ? 0 : bytes(systemPrompt);
        for (ChatMessage message : messages) {
            most += bytes(message.text());
        }
        return most <= budget;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length + TOKENS_PER_MESSAGE;
    }

    private static int tokens(String text) {
        return Tokenizer.ENCODING.countTokensOrdinary(text) + TOKENS_PER_MESSAGE;
    }

    /** Loaded, in about a second, when a long history first needs it. */
    private static final class Tokenizer {
        static final Encoding ENCODING = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }
}
