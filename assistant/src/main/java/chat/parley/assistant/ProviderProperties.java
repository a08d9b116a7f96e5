package chat.parley.assistant;

import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which model answers; blank is the same as not set.
 *
 * @param apiKey without one the demo model answers ({@code OPENAI_API_KEY})
 * @param baseUrl of an OpenAI-compatible server; one without a path gets {@code /v1} ({@code OPENAI_BASE_URL})
 * @param model the default model ({@code OPENAI_MODEL})
 * @param models what else may be chosen ({@code OPENAI_MODELS})
 * @param contextTokens what the model can look at, its own answer included ({@code OPENAI_CONTEXT_TOKENS})
 * @param maxOutputTokens longest answer that is asked for; without it the model decides
 *     ({@code OPENAI_MAX_OUTPUT_TOKENS})
 * @param reservedTokens room for the answer in the context if {@code maxOutputTokens} is not set
 * @param demoBaseUrl where the demo model is ({@code DEMO_BASE_URL})
 */
@Validated
@ConfigurationProperties("parley.assistant.provider")
record ProviderProperties(
        @DefaultValue("") Secret apiKey,
        @DefaultValue("") String baseUrl,
        @DefaultValue("") String model,
        @DefaultValue List<String> models,
        @DefaultValue("128000") @Min(1_000) Integer contextTokens,
        @Nullable @Min(1) Integer maxOutputTokens,
        @DefaultValue("4096") @Min(1) int reservedTokens,
        @DefaultValue("") String demoBaseUrl) {

    /** A text that must not be seen in a log. */
    record Secret(String value) {
        /** Lets Spring bind it. */
        public static Secret valueOf(String value) {
            return new Secret(value);
        }

        @Override
        public String toString() {
            return value.isBlank() ? "(none)" : "(secret)";
        }
    }
}
