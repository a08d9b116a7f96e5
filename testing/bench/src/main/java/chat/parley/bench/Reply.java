package chat.parley.bench;

import chat.parley.e2e.stack.ModelStub;
import chat.parley.stub.StubReply;
import chat.parley.stub.StubReply.Message;
import java.time.Duration;
import java.util.List;

/**
 * What the model answers every question with.
 *
 * @param tokensPerSecond its speed; 0 is as fast as possible
 */
record Reply(int tokens, int tokensPerSecond) {
    /** As a person reads: ten seconds. */
    static final Reply STREAM = new Reply(200, 20);
    /** As soon as possible. */
    static final Reply AT_ONCE = new Reply(20, 0);

    /**
     * One of about so many characters; how many words those are differs by question.
     *
     * @param characters in UTF-16 units
     */
    static Reply ofCharacters(int characters, int tokensPerSecond) {
        // No word is shorter than a character.
        List<String> words = StubReply.of(List.of(new Message("user", "Stream 0 at 0")), characters)
                .tokens();
        int tokens = 0;
        for (int have = 0; have < characters; tokens++) {
            have += words.get(tokens).length();
        }
        return new Reply(tokens, tokensPerSecond);
    }

    /** Every call of the model from now on is answered so. */
    void by(ModelStub model) {
        model.behave("{\"tokens\":" + tokens + ",\"rate\":" + tokensPerSecond + "}");
    }

    /** From its first token to its last, where it has a speed. */
    Duration modelsOwnTime() {
        return Duration.ofMillis((tokens - 1) * 1000L / tokensPerSecond);
    }
}
