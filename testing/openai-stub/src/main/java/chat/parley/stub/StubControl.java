package chat.parley.stub;

import chat.parley.stub.http.HttpRequest;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The calls under {@code /stub/}, by which tests steer the server and read its counters. */
final class StubControl {
    private static final int SHOWN_CALLS = 100;

    private final JsonMapper json;
    private final Mode mode;
    private final Script script;
    private final Ledger ledger;
    private final Supplier<StubStats> stats;

    StubControl(JsonMapper json, Mode mode, Script script, Ledger ledger, Supplier<StubStats> stats) {
        this.json = json;
        this.mode = mode;
        this.script = script;
        this.ledger = ledger;
        this.stats = stats;
    }

    /**
     * What to answer with. In demo mode only the numbers are served: no one may steer it, or read others' questions.
     */
    Object answer(HttpRequest request) throws ApiProblem {
        String path = request.path();
        if (path.equals("/stub/stats")) {
            StubHandler.requireMethod(request, "GET");
            return stats.get();
        }
        if (mode == Mode.DEMO) {
            throw StubHandler.unknownUrl(request);
        }
        return switch (path) {
            case "/stub/calls" -> {
                StubHandler.requireMethod(request, "GET");
                yield ledger.calls(last(request.query()));
            }
            case "/stub/behavior" -> behavior(request);
            case "/stub/reset" -> {
                StubHandler.requireMethod(request, "POST");
                script.reset();
                ledger.reset();
                yield stats.get();
            }
            default -> throw StubHandler.unknownUrl(request);
        };
    }

    private Map<String, Object> behavior(HttpRequest request) throws ApiProblem {
        if (!request.method().equals("GET")) {
            StubHandler.requireMethod(request, "POST");
            try {
                script.behave(Behavior.of(json.readTree(request.body())));
            } catch (JacksonException | IllegalArgumentException e) {
                throw ApiProblem.invalid(null, "Not a behavior: " + e.getMessage());
            }
        }
        return script.current().describe();
    }

    private static int last(String query) throws ApiProblem {
        if (query.isEmpty()) {
            return SHOWN_CALLS;
        }
        try {
            if (query.startsWith("last=")) {
                return Math.max(0, Integer.parseInt(query.substring("last=".length())));
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw ApiProblem.invalid("last", "Not a number of calls: " + query);
    }
}
