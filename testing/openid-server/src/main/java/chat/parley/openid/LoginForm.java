package chat.parley.openid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Does what a person does at the provider: comes by a link, fills in the form, and is sent back. */
public final class LoginForm {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]*)\"");
    private static final int MOST_STEPS = 10;
    private static final int OK = 200;

    private final HttpClient browser = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private LoginForm() {}

    /**
     * Signs a person in.
     *
     * @param page the provider's page, as a browser was sent to it
     * @return where the provider sends the browser
     * @throws IllegalStateException if it sends the browser nowhere
     */
    public static URI fill(URI page, Account account) {
        return new LoginForm().walk(page, account);
    }

    private URI walk(URI page, Account account) {
        HttpRequest request = request(page).GET().build();
        for (int i = 0; i < MOST_STEPS; i++) {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() == OK) {
                request = filledIn(page.resolve("/login"), answer.body(), account);
                continue;
            }
            URI next = request.uri()
                    .resolve(answer.headers()
                            .firstValue("Location")
                            .orElseThrow(() -> new IllegalStateException("Status " + answer.statusCode())));
            if (!next.getAuthority().equals(page.getAuthority())) {
                return next;
            }
            request = request(next).GET().build();
        }
        throw new IllegalStateException("The provider goes round in circles");
    }

    private static HttpRequest filledIn(URI target, String html, Account account) {
        Matcher token = TOKEN.matcher(html);
        if (!token.find()) {
            throw new IllegalStateException("There is no form");
        }
        Map<String, String> fields =
                Map.of("username", account.login(), "password", account.password(), "_csrf", token.group(1));
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return request(target)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).header("Accept", "text/html");
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return browser.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
