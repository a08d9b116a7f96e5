package chat.parley.conversation.live;

import chat.parley.conversation.history.Accepted;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ConversationReader;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.history.Snapshot;
import chat.parley.conversation.history.Submission;
import chat.parley.conversation.live.ClientFrame.Cancel;
import chat.parley.conversation.live.ClientFrame.Ping;
import chat.parley.conversation.live.ClientFrame.Regenerate;
import chat.parley.conversation.live.ClientFrame.Send;
import chat.parley.conversation.live.ClientFrame.Subscribe;
import chat.parley.conversation.live.ClientFrame.Unsubscribe;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.conversation.reply.Replies;
import chat.parley.events.Id;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Does what a client asks. May wait for Redis, so each socket's frames are handled one after the other. */
@Component
final class FrameHandler {
    private static final Logger log = LoggerFactory.getLogger(FrameHandler.class);

    private final FrameCodec codec;
    private final Feeds feeds;
    private final ConversationReader reader;
    private final Replies replies;
    private final AssistantStatus assistant;
    private final LiveProperties properties;

    FrameHandler(
            FrameCodec codec,
            Feeds feeds,
            ConversationReader reader,
            Replies replies,
            AssistantStatus assistant,
            LiveProperties properties) {
        this.codec = codec;
        this.feeds = feeds;
        this.reader = reader;
        this.replies = replies;
        this.assistant = assistant;
        this.properties = properties;
    }

    /** Answers one frame, whatever it is. */
    void on(Socket socket, String text) {
        try {
            on(socket, codec.decode(text));
        } catch (MalformedFrameException e) {
            refuse(socket, e.re().orElse(null), ErrorCode.BAD_FRAME, e.getMessage(), Optional.empty());
        }
    }

    /** Answers a frame that came too early. */
    void refuse(Socket socket, String text, Duration wait) {
        RawJson re = null;
        try {
            re = codec.decode(text).id();
        } catch (MalformedFrameException e) {
            re = e.re().orElse(null);
        }
        refuse(socket, re, ErrorCode.RATE_LIMITED, "That are too many frames at once.", Optional.of(wait));
    }

    private void on(Socket socket, ClientFrame frame) {
        try {
            switch (frame) {
                case Subscribe subscribe -> on(socket, subscribe);
                case Unsubscribe unsubscribe ->
                    socket.unsubscribe(unsubscribe.conversationId(), new ServerFrame.Ok(unsubscribe.id()));
                case Send send -> on(socket, send);
                case Regenerate regenerate -> on(socket, regenerate);
                case Cancel cancel -> on(socket, cancel);
                case Ping ping -> socket.tell(new ServerFrame.Pong(ping.id()));
            }
        } catch (RefusedException e) {
            refuse(socket, frame.id(), e);
        } catch (RuntimeException e) {
            log.error("A frame could not be handled", e);
            refuse(
                    socket,
                    frame.id(),
                    ErrorCode.INTERNAL,
                    "Something went wrong on our side; please try again.",
                    Optional.empty());
        }
    }

    private void on(Socket socket, Subscribe subscribe) {
        if (!socket.mayLookAt(subscribe.conversationId())) {
            throw new RefusedException(
                    ErrorCode.BAD_REQUEST,
                    "One socket looks at no more than " + properties.subscriptionsPerSocket() + " conversations.");
        }
        ConversationName name = name(socket, subscribe.conversationId());
        // First listen, then read: what is stored in between is heard.
        Feed feed = feeds.hold(name);
        Start start;
        try {
            start = read(name, subscribe);
        } catch (RuntimeException e) {
            feeds.release(feed);
            throw e;
        }
        ServerFrame.Subscribed answer = new ServerFrame.Subscribed(
                subscribe.id(),
                subscribe.conversationId(),
                start.position().seq(),
                start.position(),
                start.snapshot() == null,
                start.snapshot());
        socket.subscribe(new Subscription(feed, socket, start.position()), start.end(), answer);
    }

    /**
     * Where events go on.
     *
     * @param end the newest position
     * @param snapshot null if the client has all up to {@code position}
     */
    private record Start(
            Cursor position, Cursor end, @Nullable Snapshot snapshot) {}

    private Start read(ConversationName name, Subscribe subscribe) {
        Optional<Cursor> after = Optional.ofNullable(subscribe.after()).flatMap(Cursor::parse);
        Optional<Start> recovered = after.flatMap(
                position -> reader.read(name, position, 0).map(page -> new Start(position, page.newest(), null)));
        return recovered.orElseGet(() -> {
            Snapshot snapshot = reader.snapshot(name, subscribe.limit());
            return new Start(snapshot.cursor(), snapshot.cursor(), snapshot);
        });
    }

    private void on(Socket socket, Send send) {
        if (send.text().isBlank()) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "A message has text.");
        }
        Id replyId = send.replyId() == null ? Id.random() : send.replyId();
        ConversationName name = name(socket, send.conversationId());
        Submission.Send submission =
                new Submission.Send(name, send.messageId(), send.parentId(), send.text(), replyId, send.model());
        Optional<RefusedException> refusal = refusal(send);
        // The limits may have changed since it was accepted, and a repeat is answered as the first time.
        Accepted accepted = refusal.isPresent()
                ? replies.repeated(submission).orElseThrow(refusal::get)
                : replies.accept(submission, socket.session().user().guest());
        tell(socket, send.id(), submission, accepted);
    }

    /** Why a message is refused, unless it is a repeat. */
    private Optional<RefusedException> refusal(Send send) {
        if (send.text().length() > properties.messageChars()) {
            return Optional.of(new RefusedException(
                    ErrorCode.TOO_LARGE, "A message has at most " + properties.messageChars() + " characters."));
        }
        List<String> models = assistant.models();
        if (send.model() != null && !models.isEmpty() && !models.contains(send.model())) {
            return Optional.of(new RefusedException(ErrorCode.BAD_REQUEST, "There is no such model here."));
        }
        return Optional.empty();
    }

    private void on(Socket socket, Regenerate regenerate) {
        ConversationName name = name(socket, regenerate.conversationId());
        Submission submission = new Submission.Regenerate(name, regenerate.messageId(), regenerate.replyId());
        tell(
                socket,
                regenerate.id(),
                submission,
                replies.accept(submission, socket.session().user().guest()));
    }

    private static void tell(Socket socket, RawJson re, Submission submission, Accepted accepted) {
        socket.tell(new ServerFrame.Accepted(
                re,
                submission.conversation().conversationId(),
                accepted.messageId(),
                accepted.replyId(),
                accepted.seq()));
    }

    private void on(Socket socket, Cancel cancel) {
        replies.cancel(name(socket, cancel.conversationId()).reply(cancel.replyId()));
        socket.tell(new ServerFrame.Ok(cancel.id()));
    }

    private static ConversationName name(Socket socket, Id conversationId) {
        return new ConversationName(socket.session().userId(), conversationId);
    }

    private static void refuse(
            Socket socket, @Nullable RawJson re, ErrorCode code, @Nullable String message, Optional<Duration> wait) {
        refuse(socket, re, new RefusedException(code, message == null ? "" : message, wait.orElse(null), null));
    }

    private static void refuse(Socket socket, @Nullable RawJson re, RefusedException refused) {
        ErrorCode code = refused.code();
        socket.tell(new ServerFrame.Refused(
                re,
                code.json(),
                Objects.requireNonNullElse(refused.getMessage(), ""),
                code.retryable(),
                refused.retryAfter().map(Duration::toMillis).orElse(null),
                refused.reason().orElse(null)));
    }
}
