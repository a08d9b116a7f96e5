package chat.parley.conversation.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ApiPropertiesTest {
    @Test
    void hasTheseDefaults() {
        assertThat(new Binder().bindOrCreate("parley.api", ApiProperties.class))
                .isEqualTo(new ApiProperties(
                        DataSize.ofKilobytes(64),
                        DataSize.ofMegabytes(50),
                        50,
                        200,
                        200,
                        16_000,
                        16_000,
                        100,
                        200,
                        50));
    }

    @Test
    void isSetByTheseNames() {
        Map<String, String> settings = Map.of(
                "parley.api.body-size", "1KB",
                "parley.api.import-size", "8",
                "parley.api.page-size", "2",
                "parley.api.max-page-size", "3",
                "parley.api.title-chars", "4",
                "parley.api.system-prompt-chars", "5",
                "parley.api.prompt-chars", "6",
                "parley.api.prompts", "7",
                "parley.api.search-chars", "8",
                "parley.api.search-hits", "9");

        assertThat(new Binder(new MapConfigurationPropertySource(settings))
                        .bindOrCreate("parley.api", ApiProperties.class))
                .isEqualTo(new ApiProperties(DataSize.ofKilobytes(1), DataSize.ofBytes(8), 2, 3, 4, 5, 6, 7, 8, 9));
    }
}
