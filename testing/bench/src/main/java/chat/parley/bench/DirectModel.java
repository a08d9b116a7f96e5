package chat.parley.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The baseline: the model's own streaming call, without Parley. */
final class DirectModel implements Asker {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI completions;

    DirectModel(URI stub) {
        completions = stub.resolve("/v1/chat/completions");
    }

    @Override
    public StreamTimes ask(String question) {
        String body = """
                {"model":"bench","stream":true,"messages":[{"role":"user","content":"%s"}]}""".formatted(question);
        HttpRequest request = HttpRequest.newBuilder(completions)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer bench")
                .POST(BodyPublishers.ofString(body))
                .build();
        StreamTimes times = new StreamTimes();
        var _ = HTTP.sendAsync(request, BodyHandlers.fromLineSubscriber(new LineReader(times)))
                .whenComplete((response, failure) -> end(times, response, failure));
        return times;
    }

    private static void end(StreamTimes times, HttpResponse<Void> response, Throwable failure) {
        if (failure != null) {
            times.fail(String.valueOf(failure));
        } else if (response.statusCode() == 200) {
            times.end();
        } else {
            times.fail("The model answered " + response.statusCode());
        }
    }
}
