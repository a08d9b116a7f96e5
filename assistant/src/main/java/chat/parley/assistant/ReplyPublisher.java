package chat.parley.assistant;

import chat.parley.events.EventJson;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyName;
import chat.parley.events.Topology;
import chat.parley.events.Usage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says to Conversation what happens to replies: in order for each reply, nothing lost as long as this process lives,
 * and batched by itself as the broker gets slower. Thread-safe.
 */
final class ReplyPublisher {
    /** How often it is looked whether an attempt has been silent for too long. */
    private static final int LOOKS_PER_HEARTBEAT = 4;

    private final Id worker;
    private final List<Partition> partitions;

    ReplyPublisher(
            Id worker,
            EventJson json,
            ReplySender sender,
            ScheduledExecutorService timer,
            AssistantProperties.Publishing properties,
            AssistantMetrics metrics) {
        this.worker = worker;
        Pacer pacer = new Pacer(properties.messagesPerSecond(), System::nanoTime);
        this.partitions = IntStream.range(0, Topology.SHARDS)
                .mapToObj(number -> new Partition(number, json, sender, pacer, timer, properties, metrics))
                .toList();
        Duration look = properties.heartbeat().dividedBy(LOOKS_PER_HEARTBEAT);
        long silence = properties.heartbeat().minus(look).toNanos();
        var _ = timer.scheduleWithFixedDelay(() -> beat(silence), look.toNanos(), look.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One attempt's voice. To be ended by {@link #complete}, {@link #fail} or {@link #discard}. */
    final class Voice {
        private final ReplyName reply;
        private final int attempt;
        private final Outlet outlet;
        private final Partition partition;

        private Voice(ReplyName reply, int attempt) {
            this.reply = reply;
            this.attempt = attempt;
            this.outlet = new Outlet(reply, attempt, worker, System.nanoTime());
            this.partition = partitions.get(outlet.partition());
        }

        /** Says more of the reply's text; the piece is not empty and has only whole characters. */
        void text(String piece) {
            partition.say(outlet, outlet -> outlet.add(piece));
        }

        /** Says the whole reply; done when the broker has it. */
        CompletableFuture<Void> complete(String text, @Nullable Usage usage) {
            return end(new ReplyEvent.ReplyCompleted(reply, attempt, worker, text, usage));
        }

        /** Says that the attempt failed; done when the broker has it. */
        CompletableFuture<Void> fail(FailureCode code, @Nullable Duration retryAfter) {
            return end(new ReplyEvent.AttemptFailed(reply, attempt, worker, code, retryAfter));
        }

        /** Says a title for the conversation, after the reply; done when the broker has it. */
        CompletableFuture<Void> title(String title) {
            return say(new ReplyEvent.ConversationTitled(reply, attempt, worker, title));
        }

        /** Says nothing more. */
        void discard() {
            partition.discard(outlet);
        }

        private CompletableFuture<Void> end(ReplyEvent event) {
            partition.close(outlet);
            return say(event);
        }

        private CompletableFuture<Void> say(ReplyEvent event) {
            CompletableFuture<Void> confirmed = new CompletableFuture<>();
            partition.say(outlet, outlet -> outlet.add(event, confirmed));
            return confirmed;
        }
    }

    /** Says that the attempt has started, and until it ends, at least once a heartbeat, that it goes on. */
    Voice start(ReplyName reply, int attempt, String model) {
        Voice voice = new Voice(reply, attempt);
        voice.partition.open(voice.outlet);
        voice.partition.say(voice.outlet, outlet -> outlet.start(model));
        return voice;
    }

    /** Says that a request came again and was dropped; done when the broker has it. */
    CompletableFuture<Void> seenAgain(ReplyName reply, int attempt) {
        return new Voice(reply, attempt).say(new ReplyEvent.RequestSeenAgain(reply, attempt));
    }

    private void beat(long silence) {
        long since = System.nanoTime() - silence;
        // Not on the timer's own thread: a broker that takes nothing blocks whoever sends.
        partitions.forEach(partition -> Thread.ofVirtual().start(() -> partition.beat(since)));
    }
}
