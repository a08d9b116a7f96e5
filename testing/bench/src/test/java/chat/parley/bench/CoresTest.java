package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void readsTheListThatLinuxWrites() {
        assertThat(Cores.of("0-2,5").all()).containsExactly(0, 1, 2, 5);
        assertThat(Cores.of("3,7").all()).containsExactly(3, 7);
    }

    @Test
    void saysThatOneIsTooFew() {
        assertThatIllegalStateException().isThrownBy(() -> Cores.of("0")).withMessageContaining("two processor cores");
    }
}
