package chat.parley.conversation.search;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.MessageTexts;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * Finds words in all messages of a user. Each user's index is made when he searches for the first time, and brought up
 * to date each time after that, so a message is found as soon as it is stored, by whichever replica is asked.
 */
@Component
public class Search implements AutoCloseable {
    private final MessageTexts texts;
    private final SearchProperties properties;
    private final Indexes indexes;
    /** To index takes the processor for long: on the thread of a call it would keep a carrier from all sockets. */
    private final ExecutorService threads;

    Search(MessageTexts texts, SearchProperties properties) {
        this.texts = texts;
        this.properties = properties;
        this.indexes = new Indexes(properties.memory(), properties.idle());
        this.threads = Executors.newFixedThreadPool(
                properties.atOnce(),
                Thread.ofPlatform().daemon().name("search-", 0).factory());
    }

    /**
     * What was found.
     *
     * @param hits newest message first
     * @param complete false if there is more text than is looked through, and so only the newest was
     */
    public record Result(List<Hit> hits, boolean complete) {
        public Result {
            hits = List.copyOf(hits);
        }
    }

    /**
     * Looks for words in all messages of a user. All have to be in a message, each may be part of a longer one; words
     * between quotation marks have to stand there as they are, next to each other. Case, accents and width make no
     * difference.
     *
     * @param typed anything
     * @param most most hits
     * @throws RefusedException UNAVAILABLE if that takes too long, or Redis gave no answer in time; it may be asked
     *     again
     */
    public Result find(Id userId, String typed, int most) {
        Wanted wanted = Wanted.of(typed, properties.words());
        if (wanted.isEmpty()) {
            return new Result(List.of(), true);
        }
        long end = System.nanoTime() + properties.patience().toNanos();
        Indexes.Slot slot = indexes.take(userId, properties.patience());
        // It is not stopped if nobody waits for it any more: the next search finds what it has made.
        var found = CompletableFuture.supplyAsync(() -> find(slot, wanted, most), threads);
        try {
            return found.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooLong(e);
        } catch (ExecutionException | CompletionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooLong(e);
        }
    }

    private Result find(Indexes.Slot slot, Wanted wanted, int most) {
        try {
            PersonIndex index = slot.index();
            if (index == null) {
                index = new PersonIndex(slot.userId(), texts, properties.textPerUser());
                slot.keep(index);
            }
            index.refresh();
            return new Result(index.search(wanted, most), index.isComplete());
        } catch (IOException e) {
            slot.drop();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            slot.drop();
            throw e;
        } finally {
            indexes.release(slot);
        }
    }

    static RefusedException tooLong(Throwable cause) {
        return new RefusedException(
                ErrorCode.UNAVAILABLE,
                "The search takes longer than usual just now; please try it again.",
                Duration.ofSeconds(1),
                cause);
    }

    /** Bytes that the indexes of all users take. */
    long bytes() {
        return indexes.bytes();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        indexes.close();
    }
}
