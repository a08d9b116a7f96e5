package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that hangs up is noticed, whatever the call is doing. */
class AbortTest {
    private OpenAiStub stub;

    @BeforeEach
    void start() throws Exception {
        stub = OpenAiStub.start(0);
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delay=1m", "hang", "delay=1m early"})
    void whileNothingIsWritten(String knobs) throws Exception {
        RawConnection connection = new RawConnection(stub);
        connection.send(RawConnection.completionRequest("Hello [[" + knobs + "]]"));
        awaitStats(1, 0);

        connection.close();

        awaitStats(0, 1);
        assertThat(stub.calls(1).getFirst().status()).isEqualTo(CallStatus.ABORTED);
        assertThat(stub.calls(1).getFirst().tokens()).isZero();
    }

    @Test
    void whileItHangsInMidStream() throws Exception {
        RawConnection connection = new RawConnection(stub);
        connection
                .send(RawConnection.completionRequest("Hello [[hang after=2]]"))
                .readUntil("\"said: \"");
        assertThat(stub.stats().open()).isEqualTo(1);

        connection.reset();

        awaitStats(0, 1);
        assertThat(stub.calls(1).getFirst().tokens()).isEqualTo(2);
        assertThat(stub.stats().byFault()).containsEntry("hang", 1);
    }

    @Test
    void whileTokensAreSent() throws Exception {
        RawConnection connection = new RawConnection(stub);
        connection
                .send(RawConnection.completionRequest("Hello [[tokens=100000 rate=5]]"))
                .readUntil("\"You \"");

        connection.close();

        awaitStats(0, 1);
        assertThat(stub.calls(1).getFirst().tokens()).isLessThan(100);
    }

    @Test
    void whileItsWriterWaitsForAClientThatDoesNotRead() throws Exception {
        RawConnection connection = new RawConnection(stub);
        connection
                .send(RawConnection.completionRequest("Hello [[tokens=500000]]"))
                .readUntil("\"You \"");
        assertThat(stub.stats().open()).isEqualTo(1);

        connection.close();

        awaitStats(0, 1);
    }

    @Test
    void countsNoAbortWhenTheClientClosesAfterTheEnd() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send(RawConnection.completionRequest("Hello")).readUntil("[DONE]");
            assertThat(stub.stats().completed()).isEqualTo(1);
        }
        awaitStats(0, 0);
        assertThat(stub.stats().completed()).isEqualTo(1);
    }

    @Test
    void closesWhatIsUnderWayWhenTheServerCloses() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection
                    .send(RawConnection.completionRequest("Hello [[hang after=1]]"))
                    .readUntil("\"You \"");

            stub.close();

            assertThat(connection.readToEnd()).doesNotContain("DONE");
            awaitStats(0, 1);
        }
    }

    private void awaitStats(int open, int aborted) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(10))
                .until(() -> stub.stats().open() == open && stub.stats().aborted() == aborted);
    }
}
