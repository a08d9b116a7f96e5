package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private OpenAiStub stub;
    private StubClient client;

    @BeforeEach
    void start() throws Exception {
        stub = OpenAiStub.start(0);
        client = new StubClient(stub);
    }

    @AfterEach
    void stop() {
        client.close();
        stub.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, 400, ",
        "401, 401, invalid_api_key",
        "404, 404, model_not_found",
        "429, 429, rate_limit_exceeded",
        "insufficient_quota, 429, insufficient_quota",
        "500, 500, ",
        "503, 503, ",
        "context_length_exceeded, 400, context_length_exceeded"
    })
    void answersWithTheErrorOfOpenAi(String fault, int status, String code) throws Exception {
        HttpResponse<String> streamed = client.ask("Hello [[early fail=" + fault + "]]");
        HttpResponse<String> whole = client.askWhole("Hello [[fail=" + fault + "]]");

        for (HttpResponse<String> response : List.of(streamed, whole)) {
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
            assertThat(StubClient.error(response).path("code").asString(null)).isEqualTo(code);
            assertThat(StubClient.error(response).path("message").stringValue()).isNotBlank();
            assertThat(StubClient.error(response).path("type").stringValue()).isNotBlank();
        }
        assertThat(stub.stats().byFault()).containsEntry(fault, 2);
        assertThat(stub.stats().faulted()).isEqualTo(2);
    }

    @Test
    void saysWhenToComeBackAndAnswersTheRetry() throws Exception {
        String question = "Hello [[fail=429 retry-after=7 times=2]]";

        assertThat(client.ask(question).headers().firstValue("Retry-After")).hasValue("7");
        assertThat(client.ask("Another [[fail=429 times=1]]").statusCode()).isEqualTo(429);
        assertThat(client.ask(question).statusCode()).isEqualTo(429);
        assertThat(client.ask(question).statusCode()).isEqualTo(200);
        assertThat(stub.calls(1).getFirst().attempt()).isEqualTo(3);
        assertThat(stub.stats().completed()).isEqualTo(1);
    }

    @Test
    void saysWhenToComeBackByADate() throws Exception {
        Instant before = Instant.now();
        String date = client.ask("Hello [[fail=429 retry-after=90 retry-date]]")
                .headers()
                .firstValue("Retry-After")
                .orElseThrow();

        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBetween(before.plusSeconds(89), Instant.now().plusSeconds(90));
    }

    @Test
    void strikesTheNextCallsWhicheverTheyAre() throws Exception {
        stub.behave("fail=500 calls=2");

        assertThat(client.ask("One").statusCode()).isEqualTo(500);
        assertThat(client.ask("Two").statusCode()).isEqualTo(500);
        assertThat(client.ask("Three").statusCode()).isEqualTo(200);
    }

    @Test
    void cutsTheBodyWithAReset() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send(RawConnection.completionRequest("Hello [[fail=reset after=3 rate=100]]"));

            assertThatThrownBy(connection::readToEnd)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(stub.calls(1).getFirst().tokens()).isEqualTo(3);
        assertThat(stub.calls(1).getFirst().status()).isEqualTo(CallStatus.FAULTED);
    }

    @Test
    void closesInMidBodyWithoutAReset() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send(RawConnection.completionRequest("Hello [[fail=close after=3]]"));

            String read = connection.readToEnd();
            assertThat(read)
                    .contains("\"You \"", "\"said: \"", "\"Hello\\n\\n\"")
                    .doesNotContain("\"This \"", "DONE");
            assertThat(read).doesNotEndWith("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "close"})
    void breaksOffBeforeAnyByteOfAnAnswer(String fault) {
        assertThatThrownBy(() -> client.ask("Hello [[fail=" + fault + "]]")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.askWhole("Hello [[fail=" + fault + " after=5]]"))
                .isInstanceOf(IOException.class);
        assertThat(stub.stats().faulted()).isEqualTo(2);
    }

    @Test
    void endsProperlyButTooSoon() throws Exception {
        String body = client.ask("Hello [[fail=short after=4]]").body();

        assertThat(StubClient.events(body)).hasSize(5);
        assertThat(body).doesNotContain("DONE", "\"stop\"");
    }

    @Test
    void leavesOutTheFinishReason() throws Exception {
        String body = client.ask("Hello [[fail=no-finish]]").body();

        assertThat(StubClient.chunks(body)).hasSize(1 + StubReply.DEFAULT_TOKENS);
        assertThat(body).doesNotContain("\"stop\"");
    }

    @Test
    void leavesOutTheDoneMark() throws Exception {
        String body = client.ask("Hello [[fail=no_done]]").body();

        assertThat(StubClient.text(body))
                .isEqualTo(StubReply.of("Hello [[fail=no_done]]").text());
        assertThat(body).contains("\"finish_reason\":\"stop\"").doesNotContain("DONE");
    }

    @Test
    void sendsAChunkThatIsNotJson() throws Exception {
        String body = client.ask("Hello [[fail=malformed after=2]]").body();

        assertThat(StubClient.events(body).get(3)).startsWith("{\"id\"").doesNotEndWith("}");
    }

    @Test
    void sendsAnErrorInMidStream() throws Exception {
        String body = client.ask("Hello [[fail=stream_error after=2]]").body();

        assertThat(StubClient.events(body)).hasSize(4).last().asString().startsWith("{\"error\":{");
    }

    @Test
    void stopsForItsContentFilter() throws Exception {
        var chunks =
                StubClient.chunks(client.ask("Hello [[content_filter after=2]]").body());

        assertThat(chunks).hasSize(4);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue())
                .isEqualTo("content_filter");
    }

    @Test
    void saysNothingAtAll() throws Exception {
        var chunks = StubClient.chunks(client.ask("Hello [[empty]]").body());

        assertThat(chunks).hasSize(2);
        assertThat(chunks.getLast().at("/choices/0/finish_reason").stringValue())
                .isEqualTo("stop");
    }

    @ParameterizedTest
    @CsvSource({"short, null", "no_finish, null", "content_filter, content_filter", "empty, stop", "no_done, stop"})
    void hasTheFaultInAWholeAnswerToo(String fault, String reason) throws Exception {
        var body = StubClient.JSON.readTree(
                client.askWhole("Hello [[after=2 fail=" + fault + "]]").body());

        assertThat(body.at("/choices/0/finish_reason").asString("null")).isEqualTo(reason);
        assertThat(stub.stats().faulted()).isEqualTo(1);
    }

    @Test
    void answersWithHalfAJsonObject() throws Exception {
        assertThat(client.askWhole("Hello [[malformed after=5]]").body())
                .startsWith("{")
                .doesNotEndWith("}");
    }

    @Test
    void refusesConnectionsForAWhile() throws Exception {
        try (RawConnection running = new RawConnection(stub);
                RawConnection idle = new RawConnection(stub)) {
            running.send(RawConnection.completionRequest("Long [[tokens=40 rate=50]]"));
            running.readUntil("\"You \"");
            idle.send("GET /stub/stats HTTP/1.1\r\nHost: stub\r\n\r\n").readUntil("connections");

            assertThatThrownBy(() -> client.ask("Hello [[refuse for=2s]]")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> new RawConnection(stub).close()).isInstanceOf(ConnectException.class);
            assertThat(idle.readToEnd()).isNotNull();
            assertThat(running.readToEnd()).contains("[DONE]");
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            try (RawConnection again = new RawConnection(stub)) {
                return again.send("GET /v1/models HTTP/1.0\r\n\r\n").readToEnd().contains("200 OK");
            } catch (ConnectException _) {
                return false;
            }
        });
    }
}
