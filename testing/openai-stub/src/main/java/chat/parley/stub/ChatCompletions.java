package chat.parley.stub;

import chat.parley.stub.http.HttpExchange;
import chat.parley.stub.http.HttpRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/chat/completions}. */
final class ChatCompletions {
    /** Says what a request is for; {@code title} is answered, and counted, as a title. */
    static final String PURPOSE = "X-Parley-Purpose";

    private final JsonMapper json;
    private final Mode mode;
    private final Script script;
    private final Ledger ledger;
    private final Consumer<Duration> refusal;

    /** @param refusal closes the listening port for a time */
    ChatCompletions(JsonMapper json, Mode mode, Script script, Ledger ledger, Consumer<Duration> refusal) {
        this.json = json;
        this.mode = mode;
        this.script = script;
        this.ledger = ledger;
        this.refusal = refusal;
    }

    /**
     * Answers a call.
     *
     * @throws ApiProblem if the request is none; it is not counted as a call then
     */
    void answer(HttpExchange exchange) throws IOException, ApiProblem {
        HttpRequest http = exchange.request();
        ChatRequest request = ChatRequest.parse(json, http.body());
        boolean title = http.header(PURPOSE).orElse("").equalsIgnoreCase("title");
        Behavior behavior = script.behaviorFor(request, title);
        Call call = ledger.open(request, title, http.header("Host").orElse(""), remembered(http.headers()));
        try {
            script.faultFor(call, behavior).ifPresent(fault -> ledger.suffer(call, fault));
            Completion completion = completion(request, call, behavior);
            Answer answer = new Answer(exchange, ledger, call, completion, behavior, refusal);
            if (request.stream()) {
                answer.stream();
            } else {
                answer.whole();
            }
        } finally {
            // Ended already, unless the client went first.
            ledger.end(call, CallStatus.ABORTED);
        }
    }

    private Completion completion(ChatRequest request, Call call, Behavior behavior) {
        StubReply reply = call.title()
                ? StubReply.ofTokens(StubReply.split(mode.title(request.messages())))
                : mode.reply(request.messages(), behavior.tokens());
        boolean fits = reply.tokens().size() <= request.maxTokens();
        List<String> tokens = fits ? reply.tokens() : reply.tokens().subList(0, request.maxTokens());
        return new Completion(
                json,
                call.id(),
                call.at().getEpochSecond(),
                mode.answeringModel(request.model()),
                tokens,
                fits ? "stop" : "length",
                request.promptTokens(),
                request.includeUsage());
    }

    private static Map<String, String> remembered(Map<String, String> headers) {
        Map<String, String> remembered = new TreeMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-parley-") || lower.equals("x-request-id") || lower.equals("traceparent")) {
                remembered.put(lower, value);
            }
        });
        return remembered;
    }
}
