package chat.parley.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.stack.ThreadTimes.Use;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadTimesTest {
    @Test
    void putsThreadsTogetherThatDoTheSame() {
        assertThat(ThreadTimes.kind("C2 CompilerThre")).isEqualTo("compilers");
        assertThat(ThreadTimes.kind("GC Thread#1")).isEqualTo("garbage collector");
        assertThat(ThreadTimes.kind("G1 Main Marker")).isEqualTo("garbage collector");
        assertThat(ThreadTimes.kind("JFR Recorder Th")).isEqualTo("the JVM's own");
        assertThat(ThreadTimes.kind("VM Periodic Tas")).isEqualTo("the JVM's own");
        assertThat(ThreadTimes.kind("http-nio-8080-e")).isEqualTo("http-nio");
        assertThat(ThreadTimes.kind("ForkJoinPool-1-")).isEqualTo("ForkJoinPool");
        assertThat(ThreadTimes.kind("replies 12")).isEqualTo("replies");
    }

    @Test
    void countsEachThreadByItself() {
        ThreadTimes before = new ThreadTimes(Map.of(1L, new Use("a", 5), 2L, new Use("b", 3)));
        // The second has ended, and two more have begun.
        ThreadTimes after = new ThreadTimes(Map.of(1L, new Use("a", 7), 3L, new Use("b", 4), 4L, new Use("a", 1)));

        assertThat(after.since(before)).isEqualTo(Map.of("a", 3.0, "b", 4.0));
    }

    @Test
    void seesTheThreadsOfThisProcess() throws IOException {
        assertThat(ThreadTimes.of(ProcessHandle.current().pid()).each().values())
                .extracting(Use::kind)
                .contains("compilers", "garbage collector");
    }
}
