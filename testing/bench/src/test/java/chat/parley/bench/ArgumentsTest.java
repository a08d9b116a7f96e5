package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import chat.parley.e2e.stack.StackOptions;
import chat.parley.e2e.stack.StackOptions.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void readsNumbersAndSettings() {
        Arguments told = Arguments.of(
                List.of("100", "assistant:RESUME_RATE=9", "300", "jvm:-XX:+UseZGC", "conversation:RETENTION=a=b"));

        assertThat(told.numbers()).containsExactly(100, 300);
        assertThat(told.conversations()).isEqualTo(1);
        assertThat(Arguments.of(List.of("conversations=2", "200")).conversations())
                .isEqualTo(2);
        StackOptions stack = told.stack();
        assertThat(stack.of(Kind.ASSISTANT)).containsEntry("RESUME_RATE", "9");
        assertThat(stack.of(Kind.CONVERSATION)).containsEntry("RETENTION", "a=b");
        assertThat(stack.jvm())
                .contains("-XX:+UseCompactObjectHeaders", "-XX:+UseZGC")
                .doesNotContain("-XX:+UseG1GC");
        assertThat(Arguments.of(List.of()).stack().jvm()).contains("-XX:+UseG1GC");
    }

    @Test
    void saysWhatItCanNotUse() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.of(List.of("nginx:X=1")))
                .withMessageContaining("nginx:X=1");
        assertThatIllegalArgumentException().isThrownBy(() -> Arguments.of(List.of("conversations=0")));
    }
}
