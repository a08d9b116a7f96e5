package chat.parley.conversation.reply;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.DeadLetterStore;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.reply.EventPublisher.Sent;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What whoever runs the server can do with the dead letters. A letter is removed only when the broker has its message
 * for good; all that can happen otherwise is that a message is replayed twice, which changes nothing.
 *
 * <p>Every method throws {@link RefusedException} with UNAVAILABLE if the store gave no answer in time.
 */
@Component
public class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final DeadLetterStore store;
    private final EventPublisher events;
    private final EventJson json;
    private final Broker broker;
    private final ReplyProperties properties;

    DeadLetters(
            DeadLetterStore store,
            EventPublisher events,
            EventJson json,
            Broker broker,
            ReplyProperties properties,
            MeterRegistry meters) {
        this.store = store;
        this.events = events;
        this.json = json;
        this.broker = broker;
        this.properties = properties;
        meters.gauge("parley.dead.letters.recorded", this, DeadLetters::countIfKnown);
    }

    /** What became of a letter that was to be replayed. */
    public enum Result {
        /** The broker has its message, and the letter is gone. */
        REPLAYED,
        /** There is no such letter. */
        UNKNOWN,
        /** It can't be replayed: its body was not kept, or no one knows where it came from. */
        STUCK,
        /** The broker did not take its message, or did not say so; the letter is still there. */
        UNCONFIRMED
    }

    /** What became of one letter. */
    public record Replay(Id id, Result result) {}

    /** The newest letters, newest first. */
    public List<DeadLetter> newest(int most) {
        return store.newest(most);
    }

    public long count() {
        return store.count();
    }

    private double countIfKnown() {
        try {
            return store.count();
        } catch (RefusedException e) {
            return Double.NaN;
        }
    }

    public Optional<DeadLetter> find(Id id) {
        return store.find(id);
    }

    /** The words of people; only for who asks for them. */
    public Optional<byte[]> body(Id id) {
        return store.body(id);
    }

    /** Removes a letter. Returns whether there was one. */
    public boolean drop(Id id) {
        return store.drop(id);
    }

    /** Removes all letters. Returns how many there were. */
    public long dropAll() {
        return store.dropAll();
    }

    /** Replays one letter. Whoever handles it then knows what has been done already. */
    public Replay replay(Id id) {
        return new Replay(id, store.find(id).map(this::replay).orElse(Result.UNKNOWN));
    }

    /**
     * Replays the letters that there are, oldest first; one that comes back waits for the next time. Stops at the first
     * one that the broker does not take.
     */
    public List<Replay> replayAll() {
        List<Replay> replays = new ArrayList<>();
        for (DeadLetter letter : store.newest(properties.deadLetters()).reversed()) {
            Replay replay = new Replay(letter.id(), replay(letter));
            replays.add(replay);
            if (replay.result() == Result.UNCONFIRMED) {
                break;
            }
        }
        return replays;
    }

    private Result replay(DeadLetter letter) {
        Optional<byte[]> body = store.body(letter.id());
        if (body.isEmpty()) {
            return Result.STUCK;
        }
        LetterContent content = LetterContent.read(json, body.get());
        Optional<Way> way = way(letter, content);
        if (way.isEmpty()) {
            return Result.STUCK;
        }
        Sent sent = send(letter, way.get(), message(content, body.get()));
        if (sent != Sent.CONFIRMED) {
            log.warn("Dead letter {} could not be replayed: its message is {}", letter.id(), sent);
            return Result.UNCONFIRMED;
        }
        store.settle(letter);
        log.info(
                "Dead letter {} was replayed to {} {}",
                letter.id(),
                way.get().exchange(),
                way.get().routingKey());
        return Result.REPLAYED;
    }

    private Sent send(DeadLetter letter, Way way, byte[] message) {
        return broker.canPublish() ? events.replay(way.exchange(), way.routingKey(), message, letter) : Sent.UNSENT;
    }

    /** Where a message goes when it is replayed. */
    private record Way(String exchange, String routingKey) {}

    /**
     * Events go to the partition of their reply, where {@code apply} knows what has been done. What can't be read goes
     * where it came from.
     */
    private static Optional<Way> way(DeadLetter letter, LetterContent content) {
        boolean known = !letter.exchange().isEmpty();
        Optional<Way> back = known ? Optional.of(new Way(letter.exchange(), letter.routingKey())) : Optional.empty();
        return switch (content) {
            case LetterContent.Request _ ->
                Optional.of(new Way(
                        Topology.REQUESTS,
                        letter.exchange().equals(Topology.REQUESTS) ? letter.routingKey() : Topology.ANY));
            case LetterContent.Events events
            when events.partitions().size() == 1 ->
                Optional.of(new Way(
                        Topology.REPLIES,
                        Topology.partitionKey(events.partitions().getFirst())));
            case LetterContent.Events _, LetterContent.Unreadable _ -> back;
        };
    }

    /** A request goes marked, so that no worker runs it: each reports that it has seen it again. */
    private byte[] message(LetterContent content, byte[] body) {
        return content instanceof LetterContent.Request(ReplyRequested request) ? json.write(again(request)) : body;
    }

    private static ReplyRequested again(ReplyRequested request) {
        return new ReplyRequested(
                request.reply(),
                request.attempt(),
                true,
                request.model(),
                request.systemPrompt(),
                request.messages(),
                request.wantsTitle());
    }
}
