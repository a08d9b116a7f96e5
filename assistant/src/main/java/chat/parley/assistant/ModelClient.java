package chat.parley.assistant;

import chat.parley.events.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import reactor.core.Disposable;

/** Calls the model. Never repeats a call: that is decided elsewhere. */
final class ModelClient {
    private static final String PURPOSE_HEADER = "X-Parley-Purpose";
    private static final String REFUSAL = "refusal";

    private final OpenAiChatModel model;
    private final HttpCalls calls;
    private final Provider provider;
    private final @Nullable Integer maxOutputTokens;
    private final Duration total;

    /**
     * Makes a client.
     *
     * @param maxOutputTokens null to let the model decide
     * @param total longest time for a call; what a client of the SDK has for a default would cut long answers
     */
    ModelClient(
            OpenAiChatModel model,
            HttpCalls calls,
            Provider provider,
            @Nullable Integer maxOutputTokens,
            Duration total) {
        this.model = model;
        this.calls = calls;
        this.provider = provider;
        this.maxOutputTokens = maxOutputTokens;
        this.total = total;
    }

    /** An answer under way. Closing it closes the HTTP call, at whatever point it is. */
    static final class Stream implements AutoCloseable {
        private final HttpCalls.Handle call;
        private final Disposable subscription;

        private Stream(HttpCalls.Handle call, Disposable subscription) {
            this.call = call;
            this.subscription = subscription;
        }

        /** Whether the provider began to answer with success. */
        boolean answered() {
            return call.answered();
        }

        @Override
        public void close() {
            // In this order: the SDK waits for a read that only the cancelled call ends.
            call.close();
            subscription.dispose();
        }
    }

    /**
     * Asks for an answer.
     *
     * @param signals told of each piece in order, and of the end; quick, since the stream waits for it
     */
    Stream stream(String modelName, List<Message> messages, Consumer<Signal> signals) {
        return stream(calls.open(), modelName, messages, signals);
    }

    /**
     * Goes through all that a call needs, without making one: the first one would take a second longer otherwise.
     * Returns when its answer, of one word, is there.
     */
    void rehearse() {
        CountDownLatch ended = new CountDownLatch(1);
        try (Stream _ = stream(calls.rehearse(), "rehearsal", List.of(new UserMessage("a")), signal -> {
            if (!(signal instanceof Signal.Chunk)) {
                ended.countDown();
            }
        })) {
            if (!ended.await(total.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("A rehearsal does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stream stream(HttpCalls.Handle call, String modelName, List<Message> messages, Consumer<Signal> signals) {
        Prompt prompt = new Prompt(
                messages,
                options(modelName, maxOutputTokens, total)
                        .customHeaders(Map.of(HttpCalls.HANDLE_HEADER, call.name()))
                        .build());
        Disposable subscription = model.stream(prompt)
                .subscribe(
                        response -> signals.accept(chunk(response)),
                        error -> signals.accept(new Signal.Broke(error)),
                        () -> signals.accept(new Signal.Ended()));
        return new Stream(call, subscription);
    }

    /**
     * Asks for a short text about a conversation, in one piece.
     *
     * @param purpose says in a header what it is for, so that it can be told from replies
     * @return may be empty
     * @throws RuntimeException whatever the SDK throws
     */
    String ask(String modelName, String purpose, List<Message> messages, int maxTokens, Duration timeout) {
        Prompt prompt = new Prompt(
                messages,
                options(modelName, maxTokens, timeout)
                        .customHeaders(Map.of(PURPOSE_HEADER, purpose))
                        .build());
        return text(model.call(prompt).getResult());
    }

    private OpenAiChatOptions.Builder options(String modelName, @Nullable Integer maxTokens, Duration timeout) {
        OpenAiChatOptions.Builder options =
                OpenAiChatOptions.builder().model(modelName).timeout(timeout).maxRetries(0);
        return provider.isOpenAi() ? options.maxCompletionTokens(maxTokens) : options.maxTokens(maxTokens);
    }

    private static Signal.Chunk chunk(ChatResponse response) {
        @Nullable Generation result = response.getResult();
        @Nullable String finish = result == null ? null : result.getMetadata().getFinishReason();
        return new Signal.Chunk(text(result), finish == null || finish.isEmpty() ? null : finish, usage(response));
    }

    private static String text(@Nullable Generation result) {
        if (result == null) {
            return "";
        }
        @Nullable String text = result.getOutput().getText();
        if (text != null && !text.isEmpty()) {
            return text;
        }
        // A model that declines says so in a member of its own.
        return result.getOutput().getMetadata().get(REFUSAL) instanceof String refusal ? refusal : "";
    }

    /** Zeros are what Spring AI has where a provider said nothing. */
    private static @Nullable Usage usage(ChatResponse response) {
        org.springframework.ai.chat.metadata.Usage usage =
                response.getMetadata().getUsage();
        int prompt = usage.getPromptTokens() == null ? 0 : usage.getPromptTokens();
        int completion = usage.getCompletionTokens() == null ? 0 : usage.getCompletionTokens();
        return prompt <= 0 && completion <= 0 ? null : new Usage(Math.max(prompt, 0), Math.max(completion, 0));
    }
}
