package chat.parley.conversation.history;

import chat.parley.conversation.history.Redis.Run;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.ReplyDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Applies events in one pipeline: deltas that follow each other by one {@code deltas.lua} for many, all else, and the
 * deltas that it leaves, by one {@code apply.lua} each. A delta that is left comes after the rest of the pipeline,
 * which makes no difference: it is of no attempt that runs, or does not fit to the text so far.
 */
final class ReplySteps {
    /** So many take half a millisecond, for which Redis does nothing else. */
    private static final int MOST_DELTAS = 32;

    private static final long APPENDED = 1;
    private static final long REPEAT = 2;

    private final Redis redis;
    private final HistoryProperties properties;
    private final ReplyEventJson json;

    ReplySteps(Redis redis, HistoryProperties properties, ReplyEventJson json) {
        this.redis = redis;
        this.properties = properties;
        this.json = json;
    }

    /** What becomes of the events {@code from} to before {@code to}. */
    private record Step(int from, int to, Run run) {}

    /**
     * Applies them.
     *
     * @param alone how an event is applied by a script of its own
     * @param read what that script's answer says
     */
    List<Applied> apply(
            List<? extends ReplyEvent> events,
            Function<ReplyEvent, Run> alone,
            BiFunction<ReplyEvent, Object, Applied> read) {
        List<Step> steps = steps(events, alone);
        List<Object> answers = redis.runEach(steps.stream().map(Step::run).toList());
        @Nullable Applied[] applied = new Applied[events.size()];
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Step step = steps.get(i);
            if (step.run().script() != Script.DELTAS) {
                applied[step.from()] = read.apply(events.get(step.from()), answers.get(i));
                continue;
            }
            List<?> outcomes = (List<?>) answers.get(i);
            for (int at = step.from(); at < step.to(); at++) {
                applied[at] = appended((Long) outcomes.get(at - step.from()));
                if (applied[at] == null) {
                    left.add(at);
                }
            }
        }
        List<Object> more = redis.runEach(
                left.stream().map(at -> alone.apply(events.get(at))).toList());
        for (int i = 0; i < more.size(); i++) {
            int at = left.get(i);
            applied[at] = read.apply(events.get(at), more.get(i));
        }
        return List.of(applied);
    }

    private static @Nullable Applied appended(long outcome) {
        if (outcome == APPENDED) {
            return Applied.DONE;
        }
        return outcome == REPEAT ? Applied.BEFORE : null;
    }

    private List<Step> steps(List<? extends ReplyEvent> events, Function<ReplyEvent, Run> alone) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        while (from < events.size()) {
            int to = from;
            List<ReplyDelta> deltas = new ArrayList<>();
            while (to < events.size()
                    && deltas.size() < MOST_DELTAS
                    && events.get(to) instanceof ReplyDelta delta
                    && delta.reply().shard() == events.get(from).reply().shard()) {
                deltas.add(delta);
                to++;
            }
            steps.add(
                    deltas.isEmpty()
                            ? new Step(from, ++to, alone.apply(events.get(from)))
                            : new Step(from, to, run(deltas)));
            from = to;
        }
        return steps;
    }

    private Run run(List<ReplyDelta> deltas) {
        List<String> keys = new ArrayList<>(2 + 4 * deltas.size());
        int shard = deltas.getFirst().reply().shard();
        keys.add(Keys.running(shard));
        keys.add(Keys.trim(shard));
        List<String> arguments = new ArrayList<>(3 + 8 * deltas.size());
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
        return new Run(Script.DELTAS, keys.toArray(String[]::new), arguments.toArray(String[]::new));
    }
}
