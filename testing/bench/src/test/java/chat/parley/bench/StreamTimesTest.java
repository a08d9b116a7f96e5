package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class StreamTimesTest {
    @Test
    void tellsTheFirstPieceTheGapsAndTheEnd() throws InterruptedException {
        StreamTimes times = new StreamTimes();
        times.text();
        times.text();
        times.text();
        times.end();

        assertThat(times.gaps()).hasSize(2);
        assertThat(times.first()).isLessThanOrEqualTo(times.whole());
    }

    @Test
    void saysWhyThereIsNoReply() {
        StreamTimes times = new StreamTimes();
        times.fail("Refused");

        assertThatIllegalStateException().isThrownBy(times::whole).withMessageContaining("Refused");
    }
}
