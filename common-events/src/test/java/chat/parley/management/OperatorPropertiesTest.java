package chat.parley.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorPropertiesTest {
    private static final String PASSWORD = "päss:word of an operator";

    private final OperatorProperties operator = new OperatorProperties(PASSWORD);

    private static String basic(String scheme, String words) {
        return scheme + Base64.getEncoder().encodeToString(words.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic ", "basic ", "BASIC  "})
    void admitsTheOperatorWithHisPassword(String scheme) {
        assertThat(operator.admit(basic(scheme, "operator:" + PASSWORD))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator:", "operator", ":" + PASSWORD, "admin:" + PASSWORD, "operator:" + PASSWORD + " "})
    void admitsNobodyElse(String words) {
        assertThat(operator.admit(basic("Basic ", words))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic ???", "Bearer " + PASSWORD, PASSWORD})
    void admitsNobodyWhoSaysItInAnotherWay(String authorization) {
        assertThat(operator.admit(authorization)).isFalse();
    }

    @Test
    void admitsNobodyWhoSaysNothing() {
        assertThat(operator.admit(null)).isFalse();
    }

    @Test
    void admitsEveryoneWithoutAPassword() {
        assertThat(new OperatorProperties(" ").admit(null)).isTrue();
    }

    @Test
    void refusesAPasswordThatCouldBeGuessed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OperatorProperties("fifteen letters"))
                .withMessageContaining("MANAGEMENT_PASSWORD has at least 16 characters")
                .withMessageNotContaining("fifteen");
    }

    @Test
    void neverShowsIt() {
        assertThat(operator.toString()).doesNotContain("word of");
    }
}
