package chat.parley.assistant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.testing.servers.RabbitServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Who may ask a worker how it is. */
class ManagementIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PASSWORD = "a password of some length";

    @Test
    void needsThePasswordWhereThereIsOneButForHealth() throws Exception {
        try (Worker worker = Worker.start(RabbitServer.get(), "MANAGEMENT_PASSWORD=" + PASSWORD)) {
            assertThat(status(worker, "/actuator/metrics", "another password of some length"))
                    .isEqualTo(401);
            assertThat(status(worker, "/", "another password of some length")).isEqualTo(401);
            assertThat(status(worker, "/actuator/metrics", PASSWORD)).isEqualTo(200);
            assertThat(status(worker, "/actuator/health/liveness", "")).isEqualTo(200);
        }
    }

    private static int status(Worker worker, String path, String password) throws Exception {
        String name = Base64.getEncoder().encodeToString(("operator:" + password).getBytes(UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.managementPort() + path))
                .header("Authorization", "Basic " + name)
                .build();
        return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    }
}
