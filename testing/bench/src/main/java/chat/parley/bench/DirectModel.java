package chat.parley.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The baseline: the model's own streaming call, without Parley. */
final class DirectModel {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI completions;

    DirectModel(URI stub) {
        completions = stub.resolve("/v1/chat/completions");
    }

    /** The time from the request to the first token; the rest of the reply is read before it returns. */
    Duration firstToken(String question) throws IOException, InterruptedException {
        String body = """
                {"model":"bench","stream":true,"messages":[{"role":"user","content":"%s"}]}""".formatted(question);
        HttpRequest request = HttpRequest.newBuilder(completions)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer bench")
                .POST(BodyPublishers.ofString(body))
                .build();
        long start = System.nanoTime();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        Duration first = null;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                if (first == null && line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                    first = Duration.ofNanos(System.nanoTime() - start);
                }
                line = lines.readLine();
            }
        }
        if (first == null) {
            throw new IOException("The model answered " + response.statusCode() + " without a token");
        }
        return first;
    }
}
