package chat.parley.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Processes.Use;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessesTest {
    @Test
    void tellsWhoseAProcessIs() {
        assertThat(of("/jdk/bin/java", "-Xmx460m", "-jar", "/apps/conversation.jar-1/conversation.jar"))
                .isEqualTo(Tier.CONVERSATION);
        assertThat(of("java", "-jar", "assistant.jar")).isEqualTo(Tier.ASSISTANT);
        assertThat(of("java", "-jar", "/stub/openai-stub.jar")).isEqualTo(Tier.MODEL);
        assertThat(of("/usr/lib/erlang/erts-13/bin/beam.smp", "-W", "w")).isEqualTo(Tier.RABBITMQ);
        assertThat(of("/usr/bin/redis-server", "redis.conf")).isEqualTo(Tier.REDIS);
        assertThat(of("/usr/bin/redis-server 127.0.0.1:6379")).isEqualTo(Tier.REDIS);
        assertThat(of("/usr/sbin/nginx", "-p", "/tmp")).isEqualTo(Tier.NGINX);
        assertThat(of("nginx: master process /usr/sbin/nginx -p /tmp/x")).isEqualTo(Tier.NGINX);
        assertThat(of("nginx: worker process")).isEqualTo(Tier.NGINX);
    }

    @Test
    void isNotDeceivedByAPath() {
        assertThat(of("java", "-cp", "/nginx/redis-server/conversation.jar", "Other"))
                .isEqualTo(Tier.LOAD);
        assertThat(of("java", "-jar", "/conversation.jar/nginx/other.jar")).isEqualTo(Tier.LOAD);
        assertThat(of("bash", "/home/me/nginx/start", "/tmp/beam.smp")).isEqualTo(Tier.LOAD);
        assertThat(of("")).isEqualTo(Tier.LOAD);
    }

    @Test
    void countsEachProcessByItself() {
        Processes before = new Processes(Map.of(
                1L, new Use(Tier.REDIS, 5, 1),
                2L, new Use(Tier.CONVERSATION, 3, 100)));
        // The second was killed, and another one that started in its place has used more already.
        Processes after = new Processes(Map.of(
                1L, new Use(Tier.REDIS, 7, 1),
                3L, new Use(Tier.CONVERSATION, 4, 90),
                4L, new Use(Tier.CONVERSATION, 1, 80)));

        assertThat(after.cpuSecondsSince(before)).isEqualTo(Map.of(Tier.REDIS, 2.0, Tier.CONVERSATION, 5.0));
        assertThat(after.megabytes()).isEqualTo(Map.of(Tier.REDIS, 1.0, Tier.CONVERSATION, 170.0));
    }

    private static Tier of(String... command) {
        return Tier.of(String.join("\0", command) + "\0");
    }
}
