package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private final Samples samples = new Samples(List.of(
            List.of("java.util.HashMap.get", "io.netty.channel.nio.NioEventLoop.run", "java.lang.Thread.run"),
            List.of("io.netty.buffer.ByteBuf.read", "chat.parley.assistant.reply.Publisher.send", "chat.parley.A.b"),
            List.of("okhttp3.Call.execute", "chat.parley.assistant.Publisher$Line.send"),
            List.of("jdk.internal.Foo.bar", "java.lang.Thread.run")));

    @Test
    void chargesWhatTheJdkDoesToTheLibraryThatCalledIt() {
        assertThat(samples.byLibrary())
                .isEqualTo(Map.of("io.netty.channel", 0.25, "io.netty.buffer", 0.25, "okhttp3", 0.25, "JDK", 0.25));
    }

    @Test
    void chargesTheInnermostMethodOfOurs() {
        assertThat(samples.byOwnMethod())
                .isEqualTo(Map.of("Publisher.send", 0.25, "Publisher$Line.send", 0.25, "none of ours", 0.5));
    }
}
