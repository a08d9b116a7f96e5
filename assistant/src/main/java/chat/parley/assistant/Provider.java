package chat.parley.assistant;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The model's provider as the settings say it.
 *
 * @param baseUrl without a slash at its end
 * @param apiKey empty if there is none: then every call fails as if it had been refused
 * @param models what may be asked of it, its default first
 * @param demo whether it is the built-in demo model
 */
record Provider(String baseUrl, String apiKey, List<String> models, boolean demo) {
    static final String DEFAULT_BASE_URL = "https://api.openai.com/v1";
    static final String DEFAULT_MODEL = "gpt-4.1-mini";
    static final String DEMO_MODEL = "parley-demo";
    /** What {@code .env.example} has where the key belongs. */
    static final String PLACEHOLDER_KEY = "your-openai-api-key";

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException if a URL is none
     */
    static Provider of(ProviderProperties properties) {
        String key = properties.apiKey().value().strip();
        boolean noKey = key.isEmpty() || key.equals(PLACEHOLDER_KEY);
        if (noKey && !properties.demoBaseUrl().isBlank()) {
            return new Provider(url("DEMO_BASE_URL", properties.demoBaseUrl()), "demo", List.of(DEMO_MODEL), true);
        }
        String baseUrl =
                properties.baseUrl().isBlank() ? DEFAULT_BASE_URL : url("OPENAI_BASE_URL", properties.baseUrl());
        return new Provider(baseUrl, noKey ? "" : key, models(properties), false);
    }

    private static List<String> models(ProviderProperties properties) {
        List<String> others = properties.models().stream()
                .map(String::strip)
                .filter(model -> !model.isEmpty())
                .toList();
        String first = properties.model().strip();
        if (first.isEmpty()) {
            return others.isEmpty()
                    ? List.of(DEFAULT_MODEL)
                    : others.stream().distinct().toList();
        }
        return Stream.concat(Stream.of(first), others.stream()).distinct().toList();
    }

    private static String url(String setting, String text) {
        String trimmed = text.strip().replaceAll("/+$", "");
        try {
            URI uri = new URI(trimmed);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return uri.getPath().isEmpty() ? trimmed + "/v1" : trimmed;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new IllegalArgumentException(
                setting + " is " + trimmed + ", and should be a URL such as " + DEFAULT_BASE_URL);
    }

    String defaultModel() {
        return models.getFirst();
    }

    boolean hasKey() {
        return !apiKey.isEmpty();
    }

    /** Whether it is OpenAI itself, which names some members of a request in its own, newer way. */
    boolean isOpenAi() {
        String host = URI.create(baseUrl).getHost();
        return host.equals("api.openai.com") || host.endsWith(".api.openai.com");
    }

    /** Names everything but the key. */
    @Override
    public String toString() {
        return "Provider[" + baseUrl + ", " + models + (demo ? ", demo" : "") + (hasKey() ? "" : ", no key") + "]";
    }
}
