package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.ScriptModel.Seen;
import chat.parley.conversation.history.Step.Cancel;
import chat.parley.conversation.history.Step.Confirmed;
import chat.parley.conversation.history.Step.Delete;
import chat.parley.conversation.history.Step.Deliver;
import chat.parley.conversation.history.Step.Kind;
import chat.parley.conversation.history.Step.LeaseOver;
import chat.parley.conversation.history.Step.Regenerate;
import chat.parley.conversation.history.Step.Said;
import chat.parley.conversation.history.Step.Send;
import chat.parley.events.FailureCode;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.ReplyName;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The scripts against a simple model of them: random sequences of two workers' words, in order and out of it, repeated,
 * lost, of old attempts and of attempts that the store does not know yet, with stops, deletes and leases in between.
 *
 * <p>{@code -Dparley.sequences=N} runs so many, {@code -Dparley.sequences.seed=N} the same ones again. A difference is
 * made as short as it gets and printed as a test.
 */
class SequencesIT {
    private static final int SEQUENCES = Integer.getInteger("parley.sequences", 2000);
    private static final long SEED = Long.getLong("parley.sequences.seed", new Random().nextLong());
    private static final int LONGEST = 50;
    /** Nothing ends by itself here: what ends is a step. */
    private static final String[] PATIENCE = {
        "lease",
        "1h",
        "lease-cut",
        "1h",
        "young-lease-cut",
        "1h",
        "longest-way",
        "1h",
        "outbox-lease",
        "1h",
        "messages-per-minute",
        "1000",
        "command-timeout",
        "30s",
        "replies-per-user",
        "8"
    };

    private static final StatefulRedisConnection<String, String> CONNECTION = HistoryFixture.connect(1);

    @Test
    void doWhatTheModelDoes() {
        for (int number = 0; number < SEQUENCES; number++) {
            long seed = SEED + number;
            List<Step> steps = new Generator(new Random(seed)).sequence();
            if (difference(steps) != null) {
                List<Step> shortest = shortest(steps);
                throw new AssertionError("-Dparley.sequences.seed=" + seed + ": " + difference(shortest)
                        + "\n\n    @Test\n    void isAsInTheModel() {\n        check(\n"
                        + shortest.stream()
                                .map(step -> "                " + step)
                                .collect(Collectors.joining(",\n"))
                        + ");\n    }\n");
            }
        }
    }

    @Test
    void findsADifferenceAndMakesItShort() {
        Said wanted = new Said(Kind.STARTED, "r-m0", 1, 1, 0, FailureCode.HUNG);
        Said other = new Said(Kind.HEARTBEAT, "r-m0", 1, 1, 0, FailureCode.HUNG);
        List<Step> steps = new ArrayList<>(new Generator(new Random(1)).sequence());
        steps.addFirst(new Send("m0"));
        steps.add(new Deliver(other, wanted, other));

        assertThat(shortest(
                        steps,
                        some -> some.contains(new Send("m0")) && some.toString().contains(wanted.toString())))
                .containsExactly(new Send("m0"), new Deliver(wanted));
    }

    /** What follows a delta in its delivery was once applied before it, when the delta was not in turn. */
    @Test
    void keepsTheOrderBehindADeltaThatIsNotInTurn() {
        check(
                new Send("m0"),
                new Deliver(
                        new Said(Kind.DELTA, "r-m0", 2, 2, 0, FailureCode.HUNG),
                        new Said(Kind.LEASE_CHECK, "r-m0", 2, 2, 0, FailureCode.WORKER_LOST)),
                new Deliver(
                        new Said(Kind.DELTA, "r-m0", 2, 2, 2, FailureCode.HUNG),
                        new Said(Kind.DELTA, "r-m0", 2, 2, 1, FailureCode.HUNG),
                        new Said(Kind.FAILED, "r-m0", 2, 2, 0, FailureCode.KEY_REFUSED)));
    }

    private static void check(Step... steps) {
        assertThat(difference(List.of(steps))).isNull();
    }

    private static List<Step> shortest(List<Step> steps) {
        return shortest(steps, some -> difference(some) != null);
    }

    /**
     * Leaves out whatever is not needed for the difference: halves, ever smaller parts, single steps, single events.
     */
    private static List<Step> shortest(List<Step> steps, Predicate<List<Step>> differs) {
        List<Step> left = new ArrayList<>(steps);
        for (int size = left.size() / 2; size > 1; size /= 2) {
            shrinks(left, size, differs);
        }
        boolean shrunk = true;
        while (shrunk) {
            shrunk = shrinks(left, 1, differs) || shrinksDeliveries(left, differs);
        }
        return left;
    }

    private static boolean shrinks(List<Step> steps, int size, Predicate<List<Step>> differs) {
        boolean shrunk = false;
        int from = 0;
        while (from + size <= steps.size()) {
            List<Step> less = new ArrayList<>(steps);
            less.subList(from, from + size).clear();
            if (differs.test(less)) {
                steps.subList(from, from + size).clear();
                shrunk = true;
            } else {
                from++;
            }
        }
        return shrunk;
    }

    private static boolean shrinksDeliveries(List<Step> steps, Predicate<List<Step>> differs) {
        boolean shrunk = false;
        for (int at = 0; at < steps.size(); at++) {
            int out = 0;
            while (steps.get(at) instanceof Deliver delivery
                    && out < delivery.said().size()) {
                List<Said> fewer = new ArrayList<>(delivery.said());
                fewer.remove(out);
                List<Step> less = new ArrayList<>(steps);
                less.set(at, new Deliver(fewer));
                if (differs.test(less)) {
                    steps.set(at, less.get(at));
                    shrunk = true;
                } else {
                    out++;
                }
            }
        }
        return shrunk;
    }

    /** The first difference between the scripts and the model; null if there is none. */
    private static @Nullable String difference(List<Step> steps) {
        HistoryFixture chat = new HistoryFixture(CONNECTION, new ConversationName(Id.random(), new Id("c")), PATIENCE);
        ScriptModel model = new ScriptModel();
        try {
            for (Step step : steps) {
                String expected = model.take(step);
                String answer = take(chat, step);
                if (!answer.equals(expected)) {
                    return step + " answered " + answer + ", not " + expected;
                }
            }
            Seen expected = model.seen();
            Seen seen = seen(chat);
            return seen.equals(expected) ? null : "There is " + seen + "\n             not " + expected;
        } finally {
            forget(chat);
        }
    }

    private static Seen seen(HistoryFixture chat) {
        List<List<String>> sets = chat.sets();
        String text = chat.raw().get(Keys.user(chat.name.userId()) + "c:" + chat.name.conversationId() + ":text");
        return new Seen(
                chat.raw().exists(Keys.meta(chat.name)) == 0 ? List.of() : chat.log(),
                new TreeSet<>(sets.get(0)),
                new TreeSet<>(sets.get(1)),
                new TreeSet<>(sets.get(2)),
                Objects.requireNonNullElse(text, ""));
    }

    private static void forget(HistoryFixture chat) {
        try {
            chat.store.delete(chat.name);
        } catch (RefusedException e) {
            // there never was one
        }
        // A tombstone and the rate stay: of each sequence, of a hundred thousand.
        chat.raw().keys(Keys.user(chat.name.userId()) + "*").forEach(chat.raw()::del);
    }

    private static String take(HistoryFixture chat, Step step) {
        try {
            return switch (step) {
                case Send send -> accepted(chat.send(send.message(), null, "Text of " + send.message()));
                case Regenerate again -> accepted(chat.regenerate(again.message(), again.reply()));
                case Deliver delivery ->
                    chat
                            .replies
                            .apply(
                                    delivery.said().stream()
                                            .map(said -> event(chat, said))
                                            .toList(),
                                    false)
                            .stream()
                            .map(applied -> applied.outcome() + offers(applied.offers()))
                            .toList()
                            .toString();
                case Cancel cancel -> stopped(chat.store.cancel(chat.reply(cancel.reply())));
                case Delete _ -> stopped(chat.store.delete(chat.name));
                case Confirmed confirmed -> {
                    chat.replies.confirmed(new Offer.Entry(chat.reply(confirmed.reply()), confirmed.attempt()));
                    yield "";
                }
                case LeaseOver over -> {
                    endLease(chat, over.reply());
                    yield "";
                }
            };
        } catch (RefusedException e) {
            return e.code().name();
        }
    }

    private static void endLease(HistoryFixture chat, String reply) {
        for (String member : chat.sets().get(2)) {
            if (member.startsWith(reply + "/")) {
                chat.raw().zadd(Keys.running(chat.name.shard()), 1, chat.name + "/" + member);
            }
        }
    }

    private static String accepted(Accepted accepted) {
        return (accepted.repeated() ? "repeat " : "new ") + accepted.replyId() + offers(accepted.offers());
    }

    private static String stopped(Stopped stopped) {
        return "stopped "
                + stopped.abort()
                        .map(abort -> abort.worker().value())
                        .orElse("0")
                        .replaceAll("\\D", "")
                + offers(stopped.offers());
    }

    private static String offers(Collection<Offer> offers) {
        return offers.stream()
                .map(offer -> " -> " + offer.reply().replyId() + "/" + offer.attempt())
                .collect(Collectors.joining());
    }

    private static ReplyEvent event(HistoryFixture chat, Said said) {
        ReplyName reply = chat.reply(said.reply());
        Id worker = said.worker() == 1 ? HistoryFixture.WORKER : HistoryFixture.OTHER;
        int attempt = said.attempt();
        return switch (said.kind()) {
            case STARTED -> new ReplyStarted(reply, attempt, worker, "model-x");
            case DELTA -> new ReplyDelta(reply, attempt, worker, said.n(), said.offset(), said.text());
            case HEARTBEAT -> new ReplyHeartbeat(reply, attempt, worker);
            case COMPLETED -> new ReplyCompleted(reply, attempt, worker, said.text(), null);
            case FAILED -> new AttemptFailed(reply, attempt, worker, said.code(), null);
            case SEEN_AGAIN -> new RequestSeenAgain(reply, attempt);
            case LEASE_CHECK -> new LeaseCheck(reply, attempt, Instant.now());
        };
    }

    /** Makes sequences that get somewhere: what fits to the model's state most of the time, and what does not. */
    private static final class Generator {
        private static final List<Kind> KINDS = List.of(Kind.values());
        private static final FailureCode[] CODES = {
            FailureCode.KEY_REFUSED, FailureCode.UNREACHABLE, FailureCode.DRAINED, FailureCode.HUNG, FailureCode.HUNG
        };

        private final RandomGenerator random;
        private final ScriptModel model = new ScriptModel();
        /** Whose lease has ended, and nobody looked yet. */
        private @Nullable String over;

        Generator(RandomGenerator random) {
            this.random = random;
        }

        List<Step> sequence() {
            List<Step> steps = new ArrayList<>();
            int length = 1 + random.nextInt(LONGEST);
            while (steps.size() < length) {
                Step step = next();
                model.take(step);
                steps.add(step);
            }
            return steps;
        }

        private Step next() {
            if (over != null && random.nextBoolean()) {
                String reply = over;
                over = null;
                return new Deliver(new Said(
                        Kind.LEASE_CHECK, reply, Math.max(1, model.attempt(reply)), 1, 0, FailureCode.WORKER_LOST));
            }
            int dice = random.nextInt(100);
            if (model.messages().isEmpty() || dice < 10) {
                return new Send("m" + random.nextInt(4));
            }
            if (dice < 14) {
                return new Regenerate("m" + random.nextInt(4), random.nextBoolean() ? reply() : "again");
            }
            if (dice < 20) {
                return new Cancel(reply());
            }
            if (dice < 21) {
                return new Delete();
            }
            String reply = reply();
            if (dice < 30) {
                return new Confirmed(reply, attempt(reply));
            }
            if (dice < 40) {
                over = reply;
                return new LeaseOver(reply);
            }
            List<Said> said = new ArrayList<>();
            int count = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(3);
            int offset = 0;
            for (int i = 0; i < count; i++) {
                Said one = said(reply, offset);
                offset += one.kind() == Kind.DELTA ? 1 : 0;
                said.add(one);
                reply = random.nextInt(4) == 0 ? reply() : reply;
            }
            return new Deliver(said);
        }

        private Said said(String reply, int offset) {
            Kind kind = model.worker(reply) == 0 && random.nextInt(3) > 0
                    ? Kind.STARTED
                    : random.nextInt(2) == 0 ? Kind.DELTA : KINDS.get(random.nextInt(KINDS.size()));
            int worker =
                    model.worker(reply) == 0 || random.nextInt(8) == 0 ? 1 + random.nextInt(2) : model.worker(reply);
            int n = Math.max(0, model.next(reply) + offset + (random.nextInt(6) == 0 ? random.nextInt(-1, 2) : 0));
            return new Said(kind, reply, attempt(reply), worker, n, CODES[random.nextInt(CODES.length)]);
        }

        private int attempt(String reply) {
            int dice = random.nextInt(20);
            int noise = dice == 0 ? -1 : dice == 1 ? 1 : 0;
            return Math.max(1, model.attempt(reply) + noise);
        }

        private String reply() {
            List<String> replies = model.replies();
            return replies.isEmpty() || random.nextInt(20) == 0 ? "r-m0" : replies.get(random.nextInt(replies.size()));
        }
    }
}
