package chat.parley.stub;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An answer in the shape of OpenAI's errors. */
final class ApiProblem extends Exception {
    private final int status;
    private final String type;
    private final @Nullable String code;
    private final @Nullable String param;
    private final String text;

    ApiProblem(int status, String type, @Nullable String code, @Nullable String param, String text) {
        super(text, null, false, false);
        this.status = status;
        this.type = type;
        this.code = code;
        this.param = param;
        this.text = text;
    }

    static ApiProblem invalid(@Nullable String param, String text) {
        return new ApiProblem(400, "invalid_request_error", null, param, text);
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", text)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return body;
    }
}
