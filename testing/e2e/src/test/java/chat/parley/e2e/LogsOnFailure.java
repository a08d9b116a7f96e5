package chat.parley.e2e;

import chat.parley.e2e.stack.Stack;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Shows what the processes said when a test fails. */
final class LogsOnFailure implements TestWatcher {
    private static final int LINES = 40;

    private final Supplier<Optional<Stack>> stack;

    /** For tests on the processes that all share. */
    LogsOnFailure() {
        this(Target::started);
    }

    LogsOnFailure(Supplier<Optional<Stack>> stack) {
        this.stack = stack;
    }

    @Override
    @SuppressWarnings("SystemOut") // part of the test run's output
    public void testFailed(ExtensionContext context, Throwable cause) {
        stack.get()
                .ifPresent(stack -> System.out.println(
                        "==== " + context.getDisplayName() + " failed: " + cause + "\n" + stack.logs(LINES)));
    }
}
