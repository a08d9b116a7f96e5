package chat.parley.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for what another thread brings, but not for ever. */
final class Waiting {
    private Waiting() {}

    /**
     * Waits for it.
     *
     * @throws IllegalStateException with the reason if it failed, or with the time if nothing came within it
     */
    static <T extends @Nullable Object> T await(CompletableFuture<T> coming, Duration patience)
            throws InterruptedException {
        try {
            return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Nothing for " + patience, e);
        }
    }
}
