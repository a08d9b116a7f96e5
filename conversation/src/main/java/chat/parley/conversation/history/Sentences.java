package chat.parley.conversation.history;

import chat.parley.events.FailureCode;

/** What a person reads when a reply failed: what happened, and what to do. */
final class Sentences {
    static final String DEADLINE =
            "No model could answer this within a day. The question is kept; ask again when the model is back.";

    private Sentences() {}

    static String of(FailureCode code) {
        return switch (code) {
            case KEY_REFUSED ->
                "The model's provider refused the API key. Whoever runs this server has to check OPENAI_API_KEY.";
            case MODEL_UNKNOWN ->
                "The provider does not offer this model. Choose another one, or have OPENAI_MODEL checked.";
            case QUOTA_EXHAUSTED ->
                "The account at the model's provider has no credit left. Whoever runs this server has to look there.";
            case REQUEST_REJECTED ->
                "The model's provider did not take this request. Another wording or another model may help.";
            case CONTEXT_TOO_LONG ->
                "This conversation is too long for the model. Start a new one, or ask a shorter question.";
            case CONTENT_FILTERED -> "The provider's content filter stopped this reply.";
            case REPLY_TOO_LONG -> "The reply grew longer than can be stored. Ask for a shorter one, or in parts.";
            case RATE_LIMITED -> "The model's provider asks to wait.";
            case UNREACHABLE, DRAINED -> "The model's provider can't be reached just now.";
            case HUNG -> "The model stopped answering, again and again. Ask again in a while.";
            case BROKEN_OFF -> "The connection to the model broke off, again and again. Ask again in a while.";
            case EMPTY_REPLY -> "The model answered nothing, again and again. Try another wording or another model.";
            case WORKER_LOST, INTERNAL ->
                "This reply failed several times on our side. Ask again; if it goes on, whoever runs this server should"
                        + " look at the logs.";
        };
    }
}
