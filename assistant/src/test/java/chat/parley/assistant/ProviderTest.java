package chat.parley.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderTest {
    @Test
    void isOpenAiUnlessToldOtherwise() {
        Provider provider = provider("sk-1", "", "", List.of(), "http://demo");

        assertThat(provider)
                .isEqualTo(new Provider("https://api.openai.com/v1", "sk-1", List.of("gpt-4.1-mini"), false));
        assertThat(provider.isOpenAi()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:11434, http://localhost:11434/v1",
        "http://localhost:11434/, http://localhost:11434/v1",
        "https://models.example/v1/, https://models.example/v1",
        "https://models.example/openai/v2, https://models.example/openai/v2",
        "' https://models.example ', https://models.example/v1",
    })
    void completesABaseUrlWithoutAPath(String baseUrl, String expected) {
        Provider provider = provider("k", baseUrl, "", List.of(), "");

        assertThat(provider.baseUrl()).isEqualTo(expected);
        assertThat(provider.isOpenAi()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"models.example/v1", "ftp://models.example", "http://", "nonsense"})
    void refusesWhatIsNoBaseUrl(String baseUrl) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider("k", baseUrl, "", List.of(), ""))
                .withMessageContaining("OPENAI_BASE_URL is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "your-openai-api-key"})
    void isTheDemoModelWithoutAKey(String key) {
        assertThat(provider(key, "https://models.example", "gpt", List.of("x"), "http://demo:9090/v1"))
                .isEqualTo(new Provider("http://demo:9090/v1", "demo", List.of("parley-demo"), true));
    }

    @Test
    void hasNoKeyWhenThereIsNeitherAKeyNorADemoModel() {
        Provider provider = provider("your-openai-api-key", "", "", List.of(), "");

        assertThat(provider.hasKey()).isFalse();
        assertThat(provider.demo()).isFalse();
        assertThat(provider.models()).containsExactly("gpt-4.1-mini");
    }

    @Test
    void offersTheDefaultModelFirstAndEachOnce() {
        assertThat(provider("k", "", " b ", List.of("a", "", "b", " c "), "").models())
                .containsExactly("b", "a", "c");
        assertThat(provider("k", "", "", List.of("a", "b"), "").models()).containsExactly("a", "b");
    }

    @Test
    void neverShowsItsKey() {
        assertThat(provider("sk-secret", "", "", List.of(), "").toString()).doesNotContain("secret");
        assertThat(properties("sk-secret", "", "", List.of(), "").toString()).doesNotContain("sk-secret");
    }

    private static Provider provider(String key, String baseUrl, String model, List<String> models, String demo) {
        return Provider.of(properties(key, baseUrl, model, models, demo));
    }

    private static ProviderProperties properties(
            String key, String baseUrl, String model, List<String> models, String demo) {
        return new ProviderProperties(
                new ProviderProperties.Secret(key), baseUrl, model, models, 128_000, null, 4_096, demo);
    }
}
