package chat.parley.e2e;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Shows what the processes said when a test fails. */
final class LogsOnFailure implements TestWatcher {
    private static final int LINES = 40;

    @Override
    @SuppressWarnings("SystemOut") // part of the test run's output
    public void testFailed(ExtensionContext context, Throwable cause) {
        Target.started()
                .ifPresent(stack -> System.out.println(
                        "==== " + context.getDisplayName() + " failed: " + cause + "\n" + stack.logs(LINES)));
    }
}
