package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManyStreamsTest {
    private static final int STREAMS = 1_000;

    @Test
    void completesAThousandStreamsAtTwentyTokensASecondInTime() throws Exception {
        try (OpenAiStub stub = OpenAiStub.start(0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                String question = question(i);
                answers.add(threads.submit(() -> read(stub, question)));
            }
            for (int i = 0; i < STREAMS; i++) {
                String answer = answers.get(i).get(60, TimeUnit.SECONDS);
                assertThat(answer.contains("data: [DONE]\n\n")).isTrue();
                assertThat(text(answer)).isEqualTo(StubReply.of(question(i)).text());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            // The last of 60 tokens is due after 2.95 s; the first delay lets all of them start.
            assertThat(took).isBetween(Duration.ofMillis(12_900), Duration.ofSeconds(60));
            StubStats stats = stub.stats();
            assertThat(stats.completed()).isEqualTo(STREAMS);
            assertThat(stats.maxOpen()).isEqualTo(STREAMS);
            assertThat(stats.aborted()).isZero();
            assertThat(stats.tokens()).isEqualTo(STREAMS * 60L);
        }
    }

    private static String question(int number) {
        return "Stream " + number + " [[delay=10s rate=20 tokens=60]]";
    }

    private static String read(OpenAiStub stub, String question) throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            String request = RawConnection.completionRequest(question);
            return connection
                    .send(request.replace("Host:", "Connection: close\r\nHost:"))
                    .readToEnd();
        }
    }

    private static String text(String answer) {
        StringBuilder text = new StringBuilder();
        answer.lines().filter(line -> line.startsWith("data: {")).forEach(line -> text.append(StubClient.text(line)));
        return text.toString();
    }
}
