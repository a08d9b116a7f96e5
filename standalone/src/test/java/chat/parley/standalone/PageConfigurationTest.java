package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

class PageConfigurationTest {
    private static ConfigurableApplicationContext context;
    private static URI base;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({PageConfiguration.class, Api.class})
    static class Application {}

    @RestController
    static class Api {
        @GetMapping("/api/words")
        Map<String, String> words() {
            return Map.of("word", "said");
        }
    }

    @BeforeAll
    static void start() {
        StandaloneProperties properties = new StandaloneProperties(
                "localhost", 1, null, Path.of("data"), null, "", DataSize.ofMegabytes(1), Duration.ofSeconds(1));
        Map<String, String> settings = new ServiceSettings(properties, Map.of()).forConversation();
        settings.put("server.port", "0");
        context = new SpringApplicationBuilder(Application.class)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
        base = URI.create("http://localhost:"
                + ((WebServerApplicationContext) context).getWebServer().getPort());
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @Test
    void servesThePageUnderTheRootToBeAskedForAgainEachTime() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Parley</title>");
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().allValues("cache-control")).containsExactly("no-cache");
        assertThat(page.headers().firstValue("last-modified")).isEmpty();
    }

    @Test
    void letsABrowserKeepAFingerprintedAsset() throws Exception {
        HttpResponse<String> asset = get("/assets/index-Test1234.js");

        assertThat(asset.statusCode()).isEqualTo(200);
        assertThat(asset.headers().allValues("cache-control")).containsExactly("max-age=31536000, public, immutable");
    }

    @Test
    void doesNotLetABrowserKeepAnAssetThatIsNotThere() throws Exception {
        HttpResponse<String> asset = get("/assets/index-Yesterday.js");

        assertThat(asset.statusCode()).isEqualTo(404);
        assertThat(asset.headers().firstValue("cache-control").orElse("")).doesNotContain("max-age=31536000");
    }

    @Test
    void compressesText() throws Exception {
        HttpResponse<String> asset = get("/assets/index-Test1234.js", "Accept-Encoding", "gzip");

        assertThat(asset.headers().firstValue("content-encoding")).hasValue("gzip");
    }

    @Test
    void guardsThePage() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValue("default-src 'self'; img-src 'self' data:; connect-src 'self' ws://" + base.getAuthority()
                        + " wss://" + base.getAuthority() + "; style-src 'self'; object-src 'none'; base-uri 'none';"
                        + " frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script';"
                        + " trusted-types service-worker");
        assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("x-frame-options")).hasValue("DENY");
        assertThat(page.headers().firstValue("referrer-policy")).hasValue("same-origin");
        assertThat(page.headers().firstValue("cross-origin-resource-policy")).hasValue("same-origin");
        assertThat(page.headers().firstValue("permissions-policy").orElse("")).contains("camera=()");
    }

    @Test
    void letsTheFrameOfDiagramsDoNothingButDraw() throws Exception {
        HttpResponse<String> frame = get("/diagram.html");

        assertThat(frame.statusCode()).isEqualTo(200);
        assertThat(frame.headers().allValues("content-security-policy"))
                .containsExactly("default-src 'none'; script-src 'self'; style-src 'unsafe-inline';"
                        + " img-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
                        + " sandbox allow-scripts; require-trusted-types-for 'script';"
                        + " trusted-types default dompurify");
        assertThat(frame.headers().allValues("x-frame-options")).containsExactly("SAMEORIGIN");
        assertThat(frame.headers().allValues("cache-control")).containsExactly("no-cache");
    }

    @Test
    void givesTheScriptOfDiagramsToAFrameWithoutAnOrigin() throws Exception {
        HttpResponse<String> script = get("/assets/diagram-Test1234.js");

        assertThat(script.headers().allValues("cross-origin-resource-policy")).containsExactly("cross-origin");
    }

    @Test
    void servesTheServiceWorkerAsAScriptToBeAskedForAgainEachTime() throws Exception {
        HttpResponse<String> worker = get("/sw.js");

        assertThat(worker.statusCode()).isEqualTo(200);
        assertThat(worker.headers().firstValue("content-type").orElseThrow()).startsWith("text/javascript");
        assertThat(worker.headers().allValues("cache-control")).containsExactly("no-cache");
    }

    @Test
    void keepsNoAnswerOfTheApiAnywhere() throws Exception {
        HttpResponse<String> answer = get("/api/words");

        assertThat(answer.body()).isEqualTo("{\"word\":\"said\"}");
        assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    private static HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
