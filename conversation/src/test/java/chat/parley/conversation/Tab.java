package chat.parley.conversation;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One socket of a browser, and what came through it. */
public final class Tab implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<JsonNode> frames = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final AtomicInteger requestIds = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();
    private final StringBuilder text = new StringBuilder();
    private volatile @Nullable WebSocket socket;

    void opened(WebSocket opened) {
        socket = opened;
    }

    private WebSocket socket() {
        WebSocket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("Not open");
        }
        return opened;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            synchronized (frames) {
                frames.add(Browser.JSON.readTree(text.toString()));
                frames.notifyAll();
            }
            text.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        pings.incrementAndGet();
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    /** How many WebSocket pings came. */
    public int pings() {
        return pings.get();
    }

    public String subprotocol() {
        return socket().getSubprotocol();
    }

    /** Sends a text as it is. */
    public void raw(String frame) {
        socket().sendText(frame, true).join();
    }

    public void binary(byte[] frame) {
        socket().sendBinary(ByteBuffer.wrap(frame), true).join();
    }

    /** Sends a frame and returns its id. Values are strings, numbers or null. */
    public String send(String type, Object... members) {
        String id = "r" + requestIds.incrementAndGet();
        var frame = Browser.JSON.createObjectNode();
        frame.put("type", type);
        frame.put("id", id);
        for (int i = 0; i < members.length; i += 2) {
            frame.set(members[i].toString(), Browser.JSON.valueToTree(members[i + 1]));
        }
        raw(Browser.JSON.writeValueAsString(frame));
        return id;
    }

    /** Sends a frame and returns its answer; frames of other kinds that come before stay. */
    public JsonNode ask(String type, Object... members) {
        String id = send(type, members);
        return take(frame -> frame.path("re").asString("").equals(id));
    }

    /** A new root message. */
    public JsonNode say(String conversationId, String messageId, String words) {
        return ask(
                "send",
                "conversationId",
                conversationId,
                "messageId",
                messageId,
                "parentId",
                null,
                "text",
                words,
                "replyId",
                messageId + "-reply");
    }

    /** The next frame of this type; those of other types that come before it stay. */
    public JsonNode take(String type) {
        return take(frame -> frame.path("type").asString().equals(type));
    }

    /** The next event of this type, which may be the type's first part. */
    public JsonNode event(String type) {
        return take(frame -> frame.path("type").asString().equals("event")
                && frame.path("event").path("type").asString().equals(type));
    }

    /** The first frame that is wanted; those that come before it stay, in their order. */
    public JsonNode take(Predicate<JsonNode> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (frames) {
            int at = 0;
            while (true) {
                while (at < frames.size()) {
                    if (wanted.test(frames.get(at))) {
                        return frames.remove(at);
                    }
                    at++;
                }
                awaitMore(end);
            }
        }
    }

    private void awaitMore(long end) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            throw new AssertionError("Not among what came: " + frames + (closed.isDone() ? ", closed " + closed : ""));
        }
        try {
            frames.wait(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All that came before the answer to a ping: what is not there by then was not sent before. */
    public List<JsonNode> soFar() {
        String id = send("ping");
        take(frame -> frame.path("re").asString("").equals(id));
        synchronized (frames) {
            List<JsonNode> all = List.copyOf(frames);
            frames.clear();
            return all;
        }
    }

    /** The code that the server closes with. */
    public int closeCode() {
        return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    /** The stream of the network breaks off, as when a cable is pulled. */
    public void abort() {
        socket().abort();
    }

    @Override
    public void close() {
        if (!closed.isDone()) {
            socket().abort();
        }
    }
}
