package chat.parley.bench;

import chat.parley.e2e.stack.ModelStub;
import java.time.Duration;

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

    /** Every call of the model from now on is answered so. */
    void by(ModelStub model) {
        model.behave("{\"tokens\":" + tokens + ",\"rate\":" + tokensPerSecond + "}");
    }

    /** From its first token to its last, where it has a speed. */
    Duration modelsOwnTime() {
        return Duration.ofMillis((tokens - 1) * 1000L / tokensPerSecond);
    }
}
