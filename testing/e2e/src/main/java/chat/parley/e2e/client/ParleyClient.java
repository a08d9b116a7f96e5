package chat.parley.e2e.client;

import chat.parley.e2e.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page without a screen. It connects, and connects again by itself; subscribes to its chats again where they were;
 * sends again what was not answered; and fails every wait once the server broke a promise.
 */
public final class ParleyClient implements AutoCloseable {
    /** How long tests wait for what must come; far more than it may take, since it is no measurement. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration SOONEST_RECONNECT = Duration.ofMillis(50);
    private static final Duration LATEST_RECONNECT = Duration.ofSeconds(1);
    private static final Duration SEND_AGAIN_AFTER = Duration.ofMillis(250);

    private final Session session;
    private final Monitor monitor = new Monitor();
    private final Map<String, Chat> chats = new LinkedHashMap<>();
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final List<JsonNode> notices = new ArrayList<>();
    private final List<Integer> closes = new ArrayList<>();
    private @Nullable Link link;
    private int welcomes;
    private boolean offline;
    private boolean closed;

    private ParleyClient(Session session) {
        this.session = session;
    }

    /** A new guest. */
    public static ParleyClient connect(URI page) {
        return connect(Session.open(page));
    }

    /** Another tab of someone; returns when it is welcome. */
    public static ParleyClient connect(Session session) {
        ParleyClient client = new ParleyClient(session);
        Thread.ofVirtual().name("client").start(client::stayConnected);
        try {
            client.await("welcome", () -> client.welcomes > 0);
        } catch (RuntimeException | AssertionError e) {
            client.close(); // or it would go on trying, and hold a socket once it has one
            throw e;
        }
        return client;
    }

    /** Who this is. */
    public Session session() {
        return session;
    }

    /** Opens a conversation of an id of its own; returns at once. */
    public Chat newChat() {
        return chat(UUID.randomUUID().toString());
    }

    /** Opens a conversation; returns at once. */
    public Chat chat(String conversationId) {
        return monitor.read(() -> chats.computeIfAbsent(conversationId, id -> {
            Chat chat = new Chat(this, monitor, id);
            if (link != null && link.welcomed) {
                subscribe(chat);
            }
            return chat;
        }));
    }

    /** All that were opened. */
    public List<Chat> chats() {
        return monitor.read(() -> List.copyOf(chats.values()));
    }

    /** The {@code conversation} and {@code status} frames so far. */
    public List<JsonNode> notices() {
        return monitor.read(() -> List.copyOf(notices));
    }

    /** How often it was welcomed: once, and once more for each new connection. */
    public int welcomes() {
        return monitor.read(() -> welcomes);
    }

    /** The codes with which its connections ended so far. */
    public List<Integer> closes() {
        return monitor.read(() -> List.copyOf(closes));
    }

    /** Fails if the server broke a promise. */
    public void check() {
        monitor.check();
    }

    /** Loses the connection without a word. */
    public void drop() {
        Link current = monitor.read(() -> link);
        if (current != null) {
            current.abort();
        }
    }

    /** Has no network until the returned value is closed. */
    public Fault offline() {
        monitor.change(() -> offline = true);
        drop();
        return () -> monitor.change(() -> offline = false);
    }

    /** Waits for a condition on what this client knows. */
    public void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    /** Waits for what takes longer than the patience that everything else gets. */
    public void await(String what, Duration limit, BooleanSupplier condition) {
        monitor.await(what, limit, condition, this::toString);
    }

    /** Asks that the server answers. */
    public void ping() {
        request(frame("ping")).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** A new request frame with an id of its own. */
    static ObjectNode frame(String type) {
        return Json.object().put("type", type).put("id", UUID.randomUUID().toString());
    }

    /** Sends a request, now or as soon as there is a connection, and again until it is answered. */
    CompletableFuture<JsonNode> request(ObjectNode frame) {
        Pending request = new Pending(frame, new CompletableFuture<>());
        send(request);
        return request.answer();
    }

    private void send(Pending request) {
        monitor.change(() -> {
            pending.put(request.id(), request);
            if (link != null && link.welcomed) {
                link.send(request);
            }
        });
    }

    private void subscribe(Chat chat) {
        ObjectNode frame = frame("subscribe").put("conversationId", chat.id());
        @Nullable String after = chat.cursor();
        if (after != null) {
            frame.put("after", after);
        }
        send(new Pending(frame, new CompletableFuture<>()));
    }

    private void stayConnected() {
        Duration pause = SOONEST_RECONNECT;
        while (!monitor.read(() -> closed)) {
            if (monitor.read(() -> offline) || !stayWhileItLasts()) {
                pause = pause.multipliedBy(2).compareTo(LATEST_RECONNECT) < 0
                        ? pause.multipliedBy(2)
                        : LATEST_RECONNECT;
            } else {
                pause = SOONEST_RECONNECT;
            }
            sleep(pause);
        }
    }

    /** One connection from its handshake to its end; false if there was none. */
    private boolean stayWhileItLasts() {
        Link next = new Link();
        try {
            next.open();
        } catch (IOException _) {
            try {
                session.renew();
            } catch (UncheckedIOException _) {
                // not reachable at all; the next round tries again
            }
            return false;
        }
        if (monitor.read(() -> closed)) {
            next.close(); // while it was opened
        }
        next.ended.join();
        return true;
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        monitor.change(() -> closed = true);
        Link last = monitor.read(() -> link);
        if (last != null) {
            last.close();
        }
    }

    @Override
    public String toString() {
        return monitor.read(() -> "client of " + session.userId() + ", welcomed " + welcomes + " times, closed with "
                + closes + ", waits for "
                + pending.values().stream().map(Pending::frame).toList() + ", " + chats.values());
    }

    /** One connection. */
    private final class Link implements Socket.Listener {
        private static final long CHECK_SECONDS = 1;
        private static final Duration PING_AFTER = Duration.ofSeconds(15);
        private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);

        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile @Nullable Socket socket;
        private volatile long heard = System.nanoTime();
        private boolean welcomed;

        void open() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            session.cookie().ifPresent(cookie -> headers.put("Cookie", cookie));
            monitor.change(() -> link = this);
            Socket opened = Socket.open(session.http(), session.page(), headers, this);
            if (!Socket.PROTOCOL.equals(opened.protocol())) {
                monitor.change(() -> {
                    throw new ProtocolViolation("Subprotocol " + opened.protocol());
                });
            }
            watch(true);
        }

        /** Looks every second whether anything was heard. */
        private void watch(boolean mayPing) {
            CompletableFuture.delayedExecutor(CHECK_SECONDS, TimeUnit.SECONDS).execute(() -> {
                long silent = System.nanoTime() - heard;
                if (ended.isDone()) {
                    return;
                }
                if (silent > GIVE_UP_AFTER.toNanos()) {
                    abort();
                    return;
                }
                boolean ping = silent > PING_AFTER.toNanos() && mayPing;
                if (ping) {
                    ParleyClient.this.send(new Pending(ParleyClient.frame("ping"), new CompletableFuture<>()));
                }
                watch(silent < PING_AFTER.toNanos());
            });
        }

        void send(Pending request) {
            if (socket != null && !ended.isDone()) {
                socket.send(Json.write(request.frame()));
            }
        }

        void abort() {
            if (socket != null) {
                socket.abort();
            }
        }

        void close() {
            if (socket != null) {
                socket.close();
            }
        }

        @Override
        public void opened(Socket opened) {
            socket = opened;
        }

        @Override
        public void heard() {
            heard = System.nanoTime();
        }

        @Override
        public void frame(String text) {
            long now = System.nanoTime();
            monitor.change(() -> {
                if (link == this && !ended.isDone()) {
                    on(Json.parse(text), now);
                }
            });
        }

        private void on(JsonNode frame, long now) {
            String type = Json.text(frame, "type");
            if (welcomed == type.equals("welcome")) {
                throw new ProtocolViolation(welcomed ? "Welcomed twice: " + frame : "Not welcome: " + frame);
            }
            switch (type) {
                case "welcome" -> welcome(frame);
                case "event" -> chatOf(frame).event(welcomes, frame, now);
                case "conversation", "status" -> notices.add(frame);
                case "subscribed" -> {
                    answered(frame);
                    chatOf(frame).subscribed(welcomes, frame);
                }
                case "accepted" -> {
                    answered(frame);
                    chatOf(frame).accepted(frame);
                }
                case "ok", "pong" -> answered(frame);
                case "error" -> refused(frame);
                default -> {
                    // a client ignores frames that it does not know
                }
            }
        }

        private void welcome(JsonNode frame) {
            if (!Json.text(frame, "protocol").equals(Socket.PROTOCOL)
                    || !Json.text(Json.objectIn(frame, "user"), "id").equals(session.userId())) {
                throw new ProtocolViolation("Someone else's welcome: " + frame);
            }
            for (String limit : List.of("messageChars", "frameBytes", "messagesPerMinute")) {
                Json.number(Json.objectIn(frame, "limits"), limit);
            }
            Json.text(Json.objectIn(frame, "assistant"), "state");
            Json.time(frame, "serverTime");
            welcomed = true;
            welcomes++;
            pending.values().removeIf(request -> !request.isLasting());
            List<Pending> again = List.copyOf(pending.values());
            chats.values().forEach(ParleyClient.this::subscribe);
            again.forEach(this::send);
        }

        private Chat chatOf(JsonNode frame) {
            Chat chat = chats.get(Json.text(frame, "conversationId"));
            if (chat == null) {
                throw new ProtocolViolation("Not asked for: " + frame);
            }
            return chat;
        }

        private Pending taken(JsonNode frame) {
            Pending request = pending.remove(Json.text(frame, "re"));
            if (request == null) {
                throw new ProtocolViolation("Not asked for, or answered already: " + frame);
            }
            return request;
        }

        private void answered(JsonNode frame) {
            Pending request = taken(frame);
            request.check(frame);
            request.answer().complete(frame);
        }

        private void refused(JsonNode frame) {
            Pending request = taken(frame);
            Json.text(frame, "message");
            if (Json.flag(frame, "retryable") && Json.text(frame, "code").equals("unavailable")) {
                pending.put(request.id(), request);
                long wait = frame.path("retryAfterMs").asLong(SEND_AGAIN_AFTER.toMillis());
                CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS)
                        .execute(() -> monitor.change(() -> {
                            if (pending.containsKey(request.id())) {
                                send(request);
                            }
                        }));
                return;
            }
            request.answer().completeExceptionally(new RefusedException(frame));
        }

        @Override
        public void closed(int code, String reason) {
            monitor.change(() -> {
                closes.add(code);
                if (link == this) {
                    link = null;
                }
            });
            ended.complete(null);
        }
    }
}
