package chat.parley.e2e.stack;

import chat.parley.e2e.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** The numbers of one service, from its management port. */
public final class Metrics {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final URI actuator;

    Metrics(URI actuator) {
        this.actuator = actuator;
    }

    /**
     * The value of a counter or gauge; 0 if there is none yet.
     *
     * @param tags each {@code name:value}
     */
    public double value(String name, String... tags) {
        String query = tags.length == 0 ? "" : "?tag=" + String.join("&tag=", tags);
        try {
            HttpRequest request = HttpRequest.newBuilder(actuator.resolve("metrics/" + name + query))
                    .timeout(BUDGET)
                    .build();
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == NOT_FOUND) {
                return 0;
            }
            double sum = 0;
            for (JsonNode measurement : Json.parse(response.body()).path("measurements")) {
                String statistic = measurement.path("statistic").asString();
                if (statistic.equals("COUNT") || statistic.equals("VALUE")) {
                    sum += measurement.path("value").asDouble();
                }
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException("No metrics at " + actuator, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
