package chat.parley.conversation.live;

import chat.parley.conversation.history.ConversationList;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Wakeups;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.reply.StoreWatch;
import chat.parley.conversation.session.Session;
import chat.parley.conversation.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** All sockets of this replica, and the clock that they share. */
@Component
final class Sockets implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    /** How far the clocks of replicas may be apart. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(10);
    /** How many of a user's conversations are looked at after a break. */
    private static final int RECENT = 20;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Delivery delivery;
    private final Owners owners;
    private final Sessions sessions;
    private final AssistantStatus assistant;
    private final StoreWatch store;
    private final Wakeups wakeups;
    private final ConversationList list;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-clock").factory());

    private AssistantStatus.Status toldStatus;
    private volatile boolean hadGap;
    /** Until when nothing of what was announced can have been missed. */
    private volatile Instant heardUntil = Instant.now();

    private volatile boolean running;

    Sockets(
            Delivery delivery,
            Owners owners,
            Sessions sessions,
            AssistantStatus assistant,
            StoreWatch store,
            Wakeups wakeups,
            ConversationList list) {
        this.delivery = delivery;
        this.owners = owners;
        this.sessions = sessions;
        this.assistant = assistant;
        this.store = store;
        this.wakeups = wakeups;
        this.list = list;
        this.toldStatus = assistant.current();
        wakeups.onGap(() -> hadGap = true);
    }

    /** Whether this replica takes new sockets: not when it stops, nor while only others have the store. */
    boolean areTaken() {
        return running && !store.isElsewhere();
    }

    /** How many sockets there are. */
    int count() {
        return sockets.size();
    }

    /** How many sockets a user has here. */
    int count(Session session) {
        return owners.count(session.userId());
    }

    /** Takes a new socket and welcomes it; what changes in its user's list after the welcome is surely told. */
    Socket open(jakarta.websocket.Session webSocket, Session session, ServerFrame.Welcome welcome) {
        Socket socket = new Socket(webSocket, session, welcome, delivery, this::closed);
        sockets.add(socket);
        try {
            owners.add(socket);
            // It may have ended between the handshake and the moment from which we hear of that.
            closeIfEnded(socket);
        } catch (RefusedException e) {
            socket.close(CloseCode.STORE_CAME_BACK_OLDER);
        }
        if (!running) {
            socket.close(CloseCode.GOING_AWAY);
        }
        if (socket.isClosed()) {
            // Whoever closed it may have come too early to find it with its owner.
            owners.remove(socket);
        }
        socket.start();
        return socket;
    }

    private void closeIfEnded(Socket socket) {
        if (sessions.hasEnded(socket.session())) {
            socket.close(CloseCode.SESSION_ENDED);
        }
    }

    private void closed(Socket socket) {
        sockets.remove(socket);
        owners.remove(socket);
    }

    @Override
    public void start() {
        running = true;
        long period = delivery.properties().tick().toMillis();
        var _ = clock.scheduleAtFixedRate(this::tick, period, period, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            Instant time = Instant.now();
            for (Socket socket : sockets) {
                if (!socket.session().expiresAt().isAfter(time)) {
                    socket.close(CloseCode.SESSION_ENDED);
                }
                if (store.isElsewhere()) {
                    socket.close(CloseCode.STORE_ELSEWHERE);
                }
                socket.tick(now);
            }
            delivery.feeds().tick(now);
            owners.forEach(Owner::tellSoon);
            if (hadGap) {
                hadGap = false;
                Instant since = heardUntil.minus(CLOCKS_DIFFER);
                delivery.threads().run(() -> makeUp(since));
            } else if (wakeups.isOpen()) {
                heardUntil = time;
            }
            tellStatus();
        } catch (RuntimeException | Error e) {
            log.error("The sockets' clock stumbled", e);
        }
    }

    /** While nothing was heard, sessions may have ended and lists may have changed. */
    private void makeUp(Instant since) {
        try {
            sockets.forEach(this::closeIfEnded);
            owners.forEach(owner -> list.page(owner.userId(), null, RECENT).items().stream()
                    .filter(conversation -> conversation.updatedAt().isAfter(since))
                    .forEach(conversation -> owner.onUpdated(conversation.id())));
        } catch (RefusedException e) {
            heardUntil = since;
            hadGap = true;
        }
    }

    private void tellStatus() {
        AssistantStatus.Status status = assistant.current();
        if (status.equals(toldStatus)) {
            return;
        }
        toldStatus = status;
        String text = delivery.codec().encode(new ServerFrame.StatusChanged(status));
        sockets.forEach(socket -> socket.tell(ServerFrame.StatusChanged.class, text));
    }

    /** Before anything else stops: browsers go elsewhere while what they asked for is still worked on here. */
    @Override
    public void stop() {
        running = false;
        clock.shutdown();
        log.info("Closing {} sockets", sockets.size());
        List<Thread> closing = sockets.stream()
                .map(socket -> socket.close(CloseCode.GOING_AWAY))
                .flatMap(Optional::stream)
                .toList();
        long end = System.nanoTime() + delivery.properties().closeTimeout().toNanos();
        try {
            for (Thread thread : closing) {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
