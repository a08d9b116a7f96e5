package chat.parley.conversation.session;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the provider, and only where it was said to be: redirects are not followed. Every method throws
 * {@link IOException} if there is no whole answer in time, or if it is too long.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever {
    private static final int OK = 200;

    private final OpenIdProperties properties;
    private @Nullable HttpClient client;

    ProviderHttp(OpenIdProperties properties) {
        this.properties = properties;
    }

    /** Made when somebody signs in, because it has a thread, and most have no provider. */
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .connectTimeout(properties.timeout())
                    .followRedirects(Redirect.NEVER)
                    .build();
            client = made;
        }
        return made;
    }

    /** Reads a document. */
    String get(URI uri) throws IOException {
        HttpResponse<String> response = exchange(
                HttpRequest.newBuilder(uri).header("Accept", "application/json").build());
        if (response.statusCode() != OK) {
            throw new IOException("Status " + response.statusCode());
        }
        return response.body();
    }

    @Override
    public Resource retrieveResource(URL url) throws IOException {
        try {
            return new Resource(get(url.toURI()), "application/json");
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        String body = request.getBody();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.getURI())
                .method(
                        request.getMethod().name(),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        request.getHeaderMap().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        HttpResponse<String> answer = exchange(builder.build());
        HTTPResponse response = new HTTPResponse(answer.statusCode());
        response.setBody(answer.body());
        try {
            response.setContentType(answer.headers().firstValue("Content-Type").orElse("application/json"));
        } catch (ParseException e) {
            throw new IOException("No content type", e);
        }
        return response;
    }

    /** The client's own time-out ends with the headers; this one includes the body. */
    private HttpResponse<String> exchange(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<String>> answer = client().sendAsync(
                        request,
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(), properties.answerSize().toBytes()));
        try {
            return answer.get(properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw new IOException("No answer", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
