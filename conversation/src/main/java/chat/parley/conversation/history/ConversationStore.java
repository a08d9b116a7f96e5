package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Call;
import chat.parley.conversation.history.Stopped.Abort;
import chat.parley.conversation.history.Submission.Regenerate;
import chat.parley.conversation.history.Submission.Send;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What people do to conversations. Each call is one script: it happens wholly or not at all, and a repeat changes
 * nothing.
 *
 * <p>Every method throws {@link RefusedException}, with {@link ErrorCode#UNAVAILABLE} if Redis gave no answer in time;
 * the caller may ask again.
 */
@Component
public class ConversationStore {
    private final Redis redis;
    private final HistoryProperties properties;
    private final MessageJson json;
    private final DeadLetterStore letters;
    private final Budget budget;

    ConversationStore(
            Redis redis, HistoryProperties properties, MessageJson json, DeadLetterStore letters, Budget budget) {
        this.redis = redis;
        this.properties = properties;
        this.json = json;
        this.letters = letters;
        this.budget = budget;
    }

    /**
     * Stores a message and the request for its reply, once. A repeat is answered as the first time, before any limit is
     * checked.
     *
     * @param guest whether its author has not signed in
     * @throws RefusedException CONFLICT if the id stands for something else or the parent is no assistant message;
     *     NOT_FOUND if the conversation was deleted, or the message to regenerate does not exist; BAD_REQUEST if that
     *     is no user's message, or its author has too many conversations; RATE_LIMITED over the other limits
     */
    public Accepted accept(Submission submission, boolean guest) {
        Call call = switch (submission) {
            case Send send -> accept(send, "send", guest);
            case Regenerate regenerate -> accept(regenerate, "regenerate", "", "", "", "", "", guest);
        };
        return accepted(submission, redis.list(call));
    }

    /**
     * What a message was answered with that was accepted before; stores nothing. For messages that are over a limit by
     * now.
     *
     * @return empty if it was not accepted before
     * @throws RefusedException CONFLICT if the id stands for something else; NOT_FOUND if the conversation was deleted
     */
    public Optional<Accepted> repeated(Send send) {
        List<Object> answer = redis.list(accept(send, "repeat", false));
        return answer.getFirst().equals("unknown") ? Optional.empty() : Optional.of(accepted(send, answer));
    }

    private static Accepted accepted(Submission submission, List<Object> answer) {
        return switch (answer.getFirst().toString()) {
            case "accepted" ->
                new Accepted(
                        submission.messageId(),
                        new Id((String) answer.get(2)),
                        (Long) answer.get(1),
                        answer.get(3).equals("repeat"),
                        offers(submission.conversation(), answer, 4));
            case "rate_limited" -> throw tooMany(Duration.ofMillis((Long) answer.get(1)));
            case "spent" ->
                throw spent(
                        Duration.ofMillis((Long) answer.get(1)), answer.get(2).equals("all"));
            case "too_many" ->
                throw RefusedException.because(
                        "too_many_conversations",
                        ErrorCode.BAD_REQUEST,
                        "There are as many conversations as one person may have; delete some, and send it again.",
                        null);
            case "conflict" ->
                throw new RefusedException(
                        ErrorCode.CONFLICT,
                        "This id already stands for something else, or the message that this one follows is no reply of"
                                + " this conversation.");
            case "too_large" ->
                throw new RefusedException(
                        ErrorCode.TOO_LARGE,
                        "This message came from a file and is too long for a model; send a part of it.");
            case "bad_request" ->
                throw new RefusedException(ErrorCode.BAD_REQUEST, "Only a message of a person can be answered again.");
            default -> throw notFound();
        };
    }

    private static RefusedException tooMany(Duration wait) {
        return new RefusedException(
                ErrorCode.RATE_LIMITED,
                "That is more than one person may send just now; it can be sent again in " + seconds(wait) + ".",
                wait,
                null);
    }

    private static RefusedException spent(Duration wait, boolean byAll) {
        return RefusedException.because(
                byAll ? "daily_tokens_total" : "daily_tokens",
                ErrorCode.RATE_LIMITED,
                (byAll
                                ? "What all may use of the model in a day is used up"
                                : "Your share of the model for today is used up")
                        + "; it can be sent again from 00:00 UTC.",
                wait);
    }

    private Call accept(Send send, String mode, boolean guest) {
        return accept(
                send,
                mode,
                send.parentId() == null ? "" : send.parentId().value(),
                send.text(),
                send.model() == null ? "" : send.model(),
                json.userMessage(send),
                Titles.fromWords(send.text(), properties.titleChars()),
                guest);
    }

    private Call accept(
            Submission submission,
            String mode,
            String parent,
            String text,
            String model,
            String message,
            String title,
            boolean guest) {
        return new Call(
                Script.ACCEPT,
                submission.conversation(),
                mode,
                submission.messageId(),
                parent,
                text,
                submission.replyId(),
                model,
                message,
                title,
                properties.maxWaiting(),
                properties.messagesPerMinute(),
                properties.dailyTokens() == null ? 0 : properties.dailyTokens(),
                budget.isSpent(guest) ? "1" : "0",
                guest ? "1" : "0",
                properties.conversationsPerUser(),
                properties.questionSize().toBytes());
    }

    /**
     * Stops a reply, queued or streaming; for one that has ended nothing changes.
     *
     * @throws RefusedException NOT_FOUND if there is no such reply
     */
    public Stopped cancel(ReplyName reply) {
        ConversationName name = ConversationName.of(reply);
        List<Object> answer = redis.list(new Call(Script.CANCEL, name, reply.replyId()));
        return switch (answer.getFirst().toString()) {
            case "cancelled" ->
                new Stopped(
                        abort(reply, (String) answer.get(3), (Long) answer.get(4)),
                        answer.get(1) == null ? List.of() : offers(name, answer, 1),
                        (Long) answer.get(5) == 1);
            case "ended" -> Stopped.NOTHING;
            default -> throw notFound();
        };
    }

    /**
     * Deletes a conversation for good; its id is never used again.
     *
     * @throws RefusedException NOT_FOUND if there never was one
     */
    public Stopped delete(ConversationName name) {
        letters.forget(name);
        List<Object> answer =
                redis.list(new Call(Script.DELETE, name, properties.tombstone().toSeconds()));
        return switch (answer.getFirst().toString()) {
            case "deleted" -> {
                String replyId = (String) answer.get(2);
                yield replyId.isEmpty()
                        ? Stopped.NOTHING
                        : new Stopped(
                                abort(name.reply(new Id(replyId)), (String) answer.get(1), (Long) answer.get(3)),
                                List.of(),
                                (Long) answer.get(4) == 1);
            }
            case "gone" -> Stopped.NOTHING;
            default -> throw notFound();
        };
    }

    /**
     * Changes what a person may change; what is absent stays.
     *
     * @param model the empty text for the default
     * @param systemPrompt the empty text for none
     * @throws RefusedException NOT_FOUND if there is no such conversation
     */
    public void update(
            ConversationName name,
            @Nullable String title,
            @Nullable Boolean pinned,
            @Nullable String model,
            @Nullable String systemPrompt) {
        List<String> pairs = new ArrayList<>();
        add(pairs, "title", title);
        add(pairs, "pinned", pinned == null ? null : pinned ? "1" : "0");
        add(pairs, "model", model);
        add(pairs, "systemPrompt", systemPrompt);
        long found = redis.number(new Call(Script.UPDATE, name, pairs.toArray()));
        if (found == 0) {
            throw notFound();
        }
    }

    private static void add(List<String> pairs, String field, @Nullable String value) {
        if (value != null) {
            pairs.add(field);
            pairs.add(value);
        }
    }

    static List<Offer> offers(ConversationName name, List<Object> answer, int at) {
        if (answer.size() <= at + 1) {
            return List.of();
        }
        Id replyId = new Id((String) answer.get(at));
        return List.of(new Offer(name.reply(replyId), ((Long) answer.get(at + 1)).intValue(), false, 0));
    }

    private static Optional<Abort> abort(ReplyName reply, String worker, long attempt) {
        return worker.isEmpty() ? Optional.empty() : Optional.of(new Abort(reply, (int) attempt, new Id(worker)));
    }

    /** What is said of whatever does not exist, or is another user's. */
    public static RefusedException notFound() {
        return new RefusedException(ErrorCode.NOT_FOUND, "There is no such conversation or message.");
    }

    private static String seconds(Duration wait) {
        long seconds = Math.max(1, wait.toSeconds());
        return seconds == 1 ? "a second" : seconds + " seconds";
    }
}
