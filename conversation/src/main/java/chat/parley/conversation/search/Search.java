package chat.parley.conversation.search;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.MessageTexts;
import chat.parley.conversation.history.MessageTexts.Head;
import chat.parley.conversation.history.RefusedException;
import chat.parley.events.Id;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * Finds words in all messages of a user. Each user's index is made when he searches for the first time, and brought up
 * to date each time after that, so a message is found as soon as it is stored, by whichever replica is asked.
 */
@Component
public class Search implements AutoCloseable {
    /**
     * One index takes at most this part of the memory of all: or one that is large would take it from everyone else.
     */
    private static final int SHARE = 4;

    private final MessageTexts texts;
    private final SearchProperties properties;
    private final Indexes indexes;
    /** To index takes the processor for long: on the thread of a call it would keep a carrier from all sockets. */
    private final ExecutorService threads;

    Search(MessageTexts texts, SearchProperties properties) {
        this.texts = texts;
        this.properties = properties;
        this.indexes = new Indexes(properties.memory(), properties.idle());
        this.threads = new ThreadPoolExecutor(
                properties.atOnce(),
                properties.atOnce(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(properties.waiting()),
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
        Deadline end = Deadline.in(properties.patience());
        Indexes.Slot slot = indexes.take(userId, end);
        CompletableFuture<Result> found;
        try {
            found = CompletableFuture.supplyAsync(() -> find(slot, wanted, most, end), threads);
        } catch (RejectedExecutionException e) {
            indexes.release(slot);
            throw tooLong(e);
        }
        try {
            return found.get(end.left(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooLong(e);
        } catch (ExecutionException | CompletionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw tooLong(e);
        }
    }

    private Result find(Indexes.Slot slot, Wanted wanted, int most, Deadline end) {
        try {
            // Nobody waits for it any more; others do.
            end.check();
            // What is held stays if the store does not answer.
            List<Head> heads = texts.heads(slot.userId());
            if (heads.isEmpty()) {
                slot.drop();
                return new Result(List.of(), true);
            }
            PersonIndex index = upToDate(slot, heads);
            // That is not in vain if it took too long: the next search finds what it has made.
            end.check();
            return new Result(index.search(wanted, most, end), index.isComplete());
        } catch (IOException e) {
            slot.drop();
            throw new UncheckedIOException(e);
        } finally {
            indexes.release(slot);
        }
    }

    private PersonIndex upToDate(Indexes.Slot slot, List<Head> heads) throws IOException {
        PersonIndex index = slot.index();
        if (index == null) {
            index = new PersonIndex(
                    texts, properties.textPerUser(), properties.memory().toBytes() / SHARE);
            slot.keep(index);
        }
        try {
            index.refresh(heads);
            return index;
        } catch (RuntimeException | Error e) {
            // It may have half of a conversation.
            slot.drop();
            throw e;
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
