package chat.parley.e2e.points.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
    @TempDir
    Path folder;

    private Class<?> service;

    /** What the agent is put into. */
    public static final class Service {
        private Service() {}

        /** Two ways out. */
        public static String answer(String question) {
            if (question.isEmpty()) {
                return "nothing";
            }
            return "answer to " + question;
        }
    }

    @BeforeEach
    void load() throws IOException {
        String name = Service.class.getName();
        FaultPoint.watch(folder);
        Agent agent = new Agent(
                folder,
                List.of(
                        Place.parse("begin=before:" + name + "#answer/1"),
                        Place.parse("end=after:" + name + "#answer/1"),
                        Place.parse("nowhere=before:" + name + "#answer/2")));
        byte[] original;
        try (InputStream in = getClass().getResourceAsStream("AgentTest$Service.class")) {
            original = in.readAllBytes();
        }
        byte[] changed = agent.transform(getClass().getClassLoader(), name.replace('.', '/'), null, null, original);
        service = new ClassLoader(getClass().getClassLoader()) {
            Class<?> define() {
                return defineClass(name, changed, 0, changed.length);
            }
        }.define();
    }

    private CompletableFuture<Object> answer(String question) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        // A thread of its own: it may be stopped.
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(service.getMethod("answer", String.class).invoke(null, question));
            } catch (ReflectiveOperationException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void arm(String point, String words) throws IOException {
        Files.writeString(folder.resolve(point + ".armed"), words);
    }

    private void awaitReached(String point) throws InterruptedException {
        while (!Files.exists(folder.resolve(point + ".reached"))) {
            Thread.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void saysWhichPointsAreThere() {
        assertThat(folder.resolve("begin.there")).exists();
        assertThat(folder.resolve("end.there")).exists();
        assertThat(folder.resolve("nowhere.there")).doesNotExist();
    }

    @Test
    void changesNothingWhereNothingIsArmed() throws Exception {
        assertThat(answer("why").get(10, TimeUnit.SECONDS)).isEqualTo("answer to why");
        assertThat(answer("").get(10, TimeUnit.SECONDS)).isEqualTo("nothing");
    }

    @Test
    void stopsOneThreadUntilItIsLetGo() throws Exception {
        arm("begin", "");
        CompletableFuture<Object> stopped = answer("why");
        awaitReached("begin");

        assertThat(answer("how").get(10, TimeUnit.SECONDS)).isEqualTo("answer to how");
        assertThatThrownBy(() -> stopped.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        Files.delete(folder.resolve("begin.reached"));
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isEqualTo("answer to why");
    }

    @Test
    void stopsBeforeEachWayOutOfAMethod() throws Exception {
        arm("end", "");
        CompletableFuture<Object> stopped = answer("");
        awaitReached("end");
        Files.delete(folder.resolve("end.reached"));

        assertThat(stopped.get(10, TimeUnit.SECONDS)).isEqualTo("nothing");
    }

    @Test
    void stopsOnlyCallsAboutTheWords() throws ExecutionException, InterruptedException, IOException, TimeoutException {
        arm("begin", "poison");

        assertThat(answer("bread").get(10, TimeUnit.SECONDS)).isEqualTo("answer to bread");

        CompletableFuture<Object> stopped = answer("poison, please");
        awaitReached("begin");
        Files.delete(folder.resolve("begin.reached"));
        assertThat(stopped.get(10, TimeUnit.SECONDS)).isEqualTo("answer to poison, please");
    }

    @Test
    void readsPlacesStrictly() {
        assertThatThrownBy(() -> Place.parse("begin=sometimes:a.B#c/1")).hasMessageContaining("Not a fault point");
        assertThatThrownBy(() -> Place.parse("begin")).hasMessageContaining("Not a fault point");
    }
}
