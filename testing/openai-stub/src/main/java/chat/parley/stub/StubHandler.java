package chat.parley.stub;

import chat.parley.stub.http.HttpExchange;
import chat.parley.stub.http.HttpHandler;
import chat.parley.stub.http.HttpRequest;
import chat.parley.stub.http.MalformedRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Leads each request to whoever answers it, and puts problems into OpenAI's shape. */
final class StubHandler implements HttpHandler {
    private static final System.Logger log = System.getLogger(StubHandler.class.getName());
    private static final String JSON = "application/json";
    private static final long MODEL_CREATED = 1_735_689_600;

    private final JsonMapper json;
    private final StubSettings settings;
    private final ChatCompletions completions;
    private final StubControl control;
    private final Ledger ledger;

    StubHandler(
            JsonMapper json, StubSettings settings, ChatCompletions completions, StubControl control, Ledger ledger) {
        this.json = json;
        this.settings = settings;
        this.completions = completions;
        this.control = control;
        this.ledger = ledger;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            if (exchange.request().path().startsWith("/stub/")) {
                Object answer = control.answer(exchange.request());
                exchange.respond(200, JSON, Map.of(), json.writeValueAsBytes(answer));
            } else {
                answerApi(exchange);
            }
        } catch (ApiProblem problem) {
            ledger.rejected();
            refuse(exchange, problem);
        }
    }

    private void answerApi(HttpExchange exchange) throws IOException, ApiProblem {
        HttpRequest request = exchange.request();
        switch (request.path()) {
            case "/v1/chat/completions" -> {
                requireMethod(request, "POST");
                requireKey(request);
                completions.answer(exchange);
            }
            case "/v1/models" -> {
                requireMethod(request, "GET");
                requireKey(request);
                exchange.respond(200, JSON, Map.of(), json.writeValueAsBytes(models()));
            }
            default -> throw unknownUrl(request);
        }
    }

    @Override
    public void malformed(HttpExchange exchange, MalformedRequestException problem) throws IOException {
        ledger.rejected();
        String message = String.valueOf(problem.getMessage());
        refuse(exchange, new ApiProblem(problem.status(), "invalid_request_error", null, null, message));
    }

    @Override
    public void failed(Exception cause) {
        if (!(cause instanceof IOException || cause instanceof UncheckedIOException)) {
            log.log(Level.ERROR, "Answering failed", cause);
        }
    }

    static ApiProblem unknownUrl(HttpRequest request) {
        String text = "Unknown request URL: %s %s.".formatted(request.method(), request.path());
        return new ApiProblem(404, "invalid_request_error", "unknown_url", null, text);
    }

    static void requireMethod(HttpRequest request, String method) throws ApiProblem {
        if (!request.method().equals(method)) {
            String text = "Not allowed to %s on %s.".formatted(request.method(), request.path());
            throw new ApiProblem(405, "invalid_request_error", "method_not_supported", null, text);
        }
    }

    private void requireKey(HttpRequest request) throws ApiProblem {
        String required = settings.apiKey();
        if (required == null) {
            return;
        }
        Optional<String> given = request.header("Authorization");
        if (given.isEmpty()) {
            String text = "You didn't provide an API key. You need to provide your API key in an Authorization header"
                    + " using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
            throw new ApiProblem(401, "invalid_request_error", null, null, text);
        }
        if (!given.get().equals("Bearer " + required)) {
            throw Fault.UNAUTHORIZED.problem();
        }
    }

    private ObjectNode models() {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        list.putArray("data")
                .addObject()
                .put("id", settings.mode().model())
                .put("object", "model")
                .put("created", MODEL_CREATED)
                .put("owned_by", "parley");
        return list;
    }

    private void refuse(HttpExchange exchange, ApiProblem problem) throws IOException {
        exchange.respond(problem.status(), JSON, Map.of(), json.writeValueAsBytes(problem.body()));
    }
}
