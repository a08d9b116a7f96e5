package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Run;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ReplyDelta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Applies events of one shard, those of each conversation in their order: deltas many at a time, all else one by one.
 * Different conversations go in one pipeline. Of each conversation one script is under way: what follows waits for its
 * answer, since the delta before it may not be in turn, or the script not known to Redis. A delta that was not in turn
 * is then applied by itself.
 */
final class ReplySteps {
    /** Deltas of one script, for which Redis does nothing else: well below a millisecond. */
    private static final int MOST_DELTAS = 32;

    /** With so much text none is added: it can be long when it gathered while the broker was away. */
    private static final int MOST_CHARS = 32_000;

    private static final long APPENDED = 1;
    private static final long REPEAT = 2;

    private final Redis redis;
    private final HistoryProperties properties;
    private final ReplyEventJson json;
    private final List<? extends ReplyEvent> events;
    private final Function<ReplyEvent, Run> alone;
    private final BiFunction<ReplyEvent, Object, Applied> read;
    private final @Nullable Applied[] applied;
    private final Set<Integer> outOfTurn = new HashSet<>();

    /**
     * Makes one for events of one shard, to be used once.
     *
     * @param alone how an event is applied by itself
     * @param read what the answer to that says
     */
    ReplySteps(
            Redis redis,
            HistoryProperties properties,
            ReplyEventJson json,
            List<? extends ReplyEvent> events,
            Function<ReplyEvent, Run> alone,
            BiFunction<ReplyEvent, Object, Applied> read) {
        this.redis = redis;
        this.properties = properties;
        this.json = json;
        this.events = events;
        this.alone = alone;
        this.read = read;
        this.applied = new Applied[events.size()];
    }

    /** One script, and the events that it is about. */
    private record Step(List<Integer> about, boolean deltas, Run run) {}

    /** What becomes of the deltas that are appended together, as they gather. */
    private static final class Group {
        private final List<Integer> about = new ArrayList<>();
        private final Set<ConversationName> of = new HashSet<>();
        private int chars;
    }

    /** Applies all; returns what became of each, in the same order. */
    List<Applied> apply() {
        List<Integer> left = IntStream.range(0, events.size()).boxed().toList();
        while (!left.isEmpty()) {
            List<Step> steps = steps(left);
            List<Object> answers = redis.runEach(steps.stream().map(Step::run).toList());
            for (int i = 0; i < steps.size(); i++) {
                note(steps.get(i), answers.get(i));
            }
            left = left.stream().filter(at -> applied[at] == null).toList();
        }
        return List.of(applied);
    }

    private void note(Step step, Object answer) {
        if (!step.deltas()) {
            int at = step.about().getFirst();
            applied[at] = read.apply(events.get(at), answer);
            return;
        }
        List<?> outcomes = (List<?>) answer;
        for (int i = 0; i < step.about().size(); i++) {
            int at = step.about().get(i);
            long outcome = (Long) outcomes.get(i);
            if (outcome == APPENDED) {
                applied[at] = Applied.DONE;
            } else if (outcome == REPEAT) {
                applied[at] = Applied.BEFORE;
            } else {
                outOfTurn.add(at);
            }
        }
    }

    /** What can be done at once of that which is left, in an order that keeps that of each conversation. */
    private List<Step> steps(List<Integer> left) {
        List<Step> steps = new ArrayList<>();
        Set<ConversationName> underWay = new HashSet<>();
        Group group = new Group();
        for (int at : left) {
            ReplyEvent event = events.get(at);
            ConversationName name = ConversationName.of(event.reply());
            if (event instanceof ReplyDelta delta && !outOfTurn.contains(at)) {
                if (group.about.size() == MOST_DELTAS || group.chars > MOST_CHARS) {
                    underWay.addAll(group.of);
                    steps.add(step(group));
                    group = new Group();
                }
                if (!underWay.contains(name)) {
                    group.about.add(at);
                    group.of.add(name);
                    group.chars += delta.text().length();
                }
            } else if (group.of.contains(name)) {
                underWay.add(name);
            } else if (underWay.add(name)) {
                steps.add(new Step(List.of(at), false, alone.apply(event)));
            }
        }
        if (!group.about.isEmpty()) {
            steps.add(step(group));
        }
        return steps;
    }

    private Step step(Group group) {
        List<ReplyDelta> deltas = group.about.stream()
                .map(at -> (ReplyDelta) Objects.requireNonNull(events.get(at)))
                .toList();
        int shard = deltas.getFirst().reply().shard();
        List<String> keys = new ArrayList<>();
        keys.add(Keys.running(shard));
        keys.add(Keys.trim(shard));
        List<String> arguments = new ArrayList<>();
        arguments.add("deltas");
        arguments.add(Redis.seed());
        arguments.add(Long.toString(properties.lease().toMillis()));
        arguments.add(Long.toString(properties.keepLog().toMillis()));
        for (ReplyDelta delta : deltas) {
            ConversationName name = ConversationName.of(delta.reply());
            keys.addAll(Keys.ofDelta(name));
            arguments.add(name.toString());
            arguments.add(Keys.channel(name));
            arguments.add(delta.reply().replyId().value());
            arguments.add(Integer.toString(delta.attempt()));
            arguments.add(delta.worker().value());
            arguments.add(Integer.toString(delta.n()));
            arguments.add(delta.text());
            arguments.add(json.delta(delta));
        }
        Run run = new Run(Script.APPLY, keys.toArray(String[]::new), arguments.toArray(String[]::new));
        return new Step(group.about, true, run);
    }
}
