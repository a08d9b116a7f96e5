package chat.parley.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedRequestTest {
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
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"text\"",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "{\"model\":\"m\"}",
                "{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":{}}",
                "{\"model\":\"m\",\"messages\":[\"Hello\"]}",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"Hello\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":7}]}",
                "{\"model\":\"m\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
                "{\"model\":\"m\",\"max_tokens\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            })
    void isRefusedInTheShapeOfOpenAi(String body) throws Exception {
        HttpResponse<String> response = client.send("POST", "/v1/chat/completions", body, Map.of());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(StubClient.error(response).path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(StubClient.error(response).path("message").stringValue()).isNotBlank();
        assertThat(stub.stats().rejected()).isEqualTo(1);
        assertThat(stub.stats().calls()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET, /v1/chat/completions, 405", "POST, /v1/models, 405", "GET, /v1/nothing, 404", "GET, /, 404"})
    void isRefusedByPathAndMethod(String method, String path, int status) throws Exception {
        HttpResponse<String> response = client.send(method, path, "", Map.of());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(StubClient.error(response).path("message").stringValue()).contains(method, path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense|400",
                "GET /v1/models HTTP/2.0|400",
                "GET /v1/models HTTP/1.1\\r\\nno colon|400",
                "POST /x HTTP/1.1\\r\\nContent-Length: -1|400",
                "POST /x HTTP/1.1\\r\\nContent-Length: +1|400",
                "POST /x HTTP/1.1\\r\\nContent-Length: x|400",
                "POST /x HTTP/1.1\\r\\nContent-Length: 99999999999|413",
                "POST /x HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked|400",
                "POST /x HTTP/1.1\\r\\nTransfer-Encoding: gzip|501",
                "POST /x HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxyz|400"
            })
    void closesTheConnectionAfterWhatIsNotHttp(String request, int status) throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send(request.replace("\\r\\n", "\r\n") + "\r\n\r\n");

            assertThat(connection.readToEnd())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Connection: close", "{\"error\":{");
        }
    }

    @Test
    void isRefusedIfItsHeadersNeverEnd() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send("GET / HTTP/1.1\r\nX: " + "x".repeat(70_000));

            assertThat(connection.readToEnd()).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void doesNotHarmTheServerWhenItEndsInTheMiddle() throws Exception {
        for (String part : new String[] {"", "POST", "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort"}) {
            new RawConnection(stub).send(part).close();
        }

        assertThat(client.ask("Hello").statusCode()).isEqualTo(200);
        assertThat(stub.stats().calls()).isEqualTo(1);
    }

    @Test
    void isToldApartFromOneThatOtherClientsSend() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            String body = StubClient.JSON.writeValueAsString(StubClient.question("Hello [[tokens=2]]"));
            String chunked = "%x;ext=1\r\n%s\r\n%x\r\n%s\r\n0\r\nTrailer: x\r\n\r\n"
                    .formatted(5, body.substring(0, 5), body.length() - 5, body.substring(5));
            String head = "POST /v1/chat/completions?x=1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n";

            connection.send(head + "Expect: 100-continue\r\n\r\n").readUntil("100 Continue\r\n\r\n");
            // Two requests at once on one connection, the second one from an old client.
            connection.send(chunked + "GET /v1/models HTTP/1.0\n\n");

            assertThat(connection.readToEnd())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsSubsequence("[DONE]", "0\r\n\r\n", "HTTP/1.1 200 OK\r\n", "\"object\":\"list\"");
        }
    }

    @Test
    void streamsToAnOldClientWithoutChunks() throws Exception {
        try (RawConnection connection = new RawConnection(stub)) {
            connection.send(RawConnection.completionRequest("Hello").replace("HTTP/1.1", "HTTP/1.0"));

            String answer = connection.readToEnd();
            assertThat(answer).doesNotContain("chunked").contains("Connection: close");
            assertThat(StubClient.text(answer.substring(answer.indexOf("\r\n\r\n") + 4)))
                    .isEqualTo(StubReply.of("Hello").text());
        }
    }
}
