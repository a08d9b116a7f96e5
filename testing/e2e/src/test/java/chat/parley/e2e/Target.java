package chat.parley.e2e;

import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ModelStub;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.net.URI;
import java.util.Optional;

/**
 * The Parley under test: the one at {@code PARLEY_URL}, whose model is the stub at {@code PARLEY_STUB_URL} if that is
 * set; else a stack of processes that all tests of this JVM share.
 */
final class Target {
    private static volatile Stack started;

    private Target() {}

    static URI url() {
        String given = System.getenv("PARLEY_URL");
        return given == null || given.isBlank() ? stack().url() : URI.create(given);
    }

    /** The model, if it is one whose words are known beforehand. */
    static Optional<ModelStub> model() {
        if (System.getenv("PARLEY_URL") == null) {
            return Optional.of(stack().model());
        }
        return Optional.ofNullable(System.getenv("PARLEY_STUB_URL"))
                .map(URI::create)
                .map(ModelStub::new);
    }

    /** The processes; started when first asked for, ended with this JVM. */
    static Stack stack() {
        return Shared.STACK;
    }

    /** The processes, if anyone asked for them. */
    static Optional<Stack> started() {
        return Optional.ofNullable(started);
    }

    private static final class Shared {
        static final Stack STACK = start();

        private static Stack start() {
            Stack stack = Stack.start(StackOptions.standard().proxied(Hop.ASSISTANT_STUB));
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "close-stack"));
            started = stack;
            return stack;
        }
    }
}
