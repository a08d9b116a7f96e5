package chat.parley.events;

/** What a reply cost, in tokens as the model's provider counts them; neither is negative. */
public record Usage(int promptTokens, int completionTokens) {
    public Usage {
        if (promptTokens < 0 || completionTokens < 0) {
            throw new IllegalArgumentException("Tokens are counted from 0");
        }
    }
}
