package chat.parley.conversation.history;

import chat.parley.events.Id;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts and commands on one shared connection. Commands that are started before any of them is awaited travel
 * together, so that Redis syncs its file once for all of them.
 */
final class Redis {
    private static final List<String> REDIS_ITSELF = List.of("OOM", "MISCONF", "READONLY", "LOADING", "NOREPLICAS");

    private final StatefulRedisConnection<String, String> connection;
    private final HistoryProperties properties;
    private final Shares shares;

    Redis(StatefulRedisConnection<String, String> connection, HistoryProperties properties, Shares shares) {
        this.connection = connection;
        this.properties = properties;
        this.shares = shares;
    }

    /** A call of a script on one conversation. */
    record Call(Script script, ConversationName conversation, List<String> arguments) {
        Call(Script script, ConversationName conversation, Object... arguments) {
            this(script, conversation, strings(arguments));
        }

        private static List<String> strings(Object... arguments) {
            List<String> strings = new ArrayList<>(arguments.length);
            for (Object argument : arguments) {
                strings.add(argument.toString());
            }
            return strings;
        }
    }

    /** Runs calls in this order, without waiting between them. */
    List<Object> runAll(List<Call> calls) {
        return runEach(calls.stream().map(this::run).toList());
    }

    /** A call of a script with all that it gets. */
    @SuppressWarnings("ArrayRecordComponent") // nothing compares them
    record Run(Script script, String[] keys, String[] arguments) {}

    RedisAsyncCommands<String, String> commands() {
        return connection.async();
    }

    /** Runs one script that answers with a list. */
    @SuppressWarnings("unchecked")
    List<Object> list(Call call) {
        return (List<Object>) runEach(List.of(run(call))).getFirst();
    }

    /** Runs one script that answers with a number. */
    long number(Call call) {
        return (Long) runEach(List.of(run(call))).getFirst();
    }

    /** Runs one script that is about no conversation, and answers with a number. */
    long number(Script script, String[] keys, Object... arguments) {
        String[] strings = Call.strings(arguments).toArray(String[]::new);
        return (Long) runEach(List.of(new Run(script, keys, strings))).getFirst();
    }

    /** Runs one script that is about no conversation, and answers with a text. */
    String text(Script script, String[] keys, Object... arguments) {
        String[] strings = Call.strings(arguments).toArray(String[]::new);
        return (String) runEach(List.of(new Run(script, keys, strings))).getFirst();
    }

    /**
     * Runs scripts in this order, without waiting between them. Those that Redis does not know (it was restarted, or
     * another took over) are run once more, by their texts, which it then knows. Others may run in between that Redis
     * has come to know meanwhile: what has to come in order is awaited.
     */
    List<Object> runEach(List<Run> runs) {
        List<@Nullable Object> answers = new ArrayList<>(runs.size());
        List<Integer> unknown = new ArrayList<>();
        for (CompletionStage<Object> started : startAll(runs, true)) {
            try {
                answers.add(await(started));
            } catch (RedisNoScriptException e) {
                unknown.add(answers.size());
                answers.add(null);
            }
        }
        List<Object> more = awaitAll(startAll(unknown.stream().map(runs::get).toList(), false));
        for (int i = 0; i < more.size(); i++) {
            answers.set(unknown.get(i), more.get(i));
        }
        return answers.stream().map(Objects::requireNonNull).toList();
    }

    /** @param known whether Redis is to know the scripts; their texts are sent otherwise */
    private List<CompletionStage<Object>> startAll(List<Run> runs, boolean known) {
        List<CompletionStage<Object>> started = new ArrayList<>(runs.size());
        for (Run run : runs) {
            started.add(start(run, known));
        }
        return started;
    }

    private CompletionStage<Object> start(Run run, boolean known) {
        Script script = run.script();
        return unavailableOnFailure(() -> known
                ? commands().evalsha(script.digest(), script.output(), run.keys(), run.arguments())
                : commands().eval(script.text(), script.output(), run.keys(), run.arguments()));
    }

    /** The call as it goes to Redis. */
    Run run(Call call) {
        return new Run(call.script(), Keys.ofScripts(call.conversation()), arguments(call));
    }

    private String[] arguments(Call call) {
        List<String> arguments = new ArrayList<>(call.arguments().size() + 9);
        ConversationName name = call.conversation();
        arguments.add(name.toString());
        arguments.add(now().toString());
        arguments.add(seed());
        arguments.add(Keys.channel(name));
        arguments.add(Keys.channel(name.userId()));
        arguments.add(Long.toString(properties.outboxLease().toMillis()));
        arguments.add(Long.toString(properties.lease().toMillis()));
        arguments.add(Long.toString(properties.keepLog().toMillis()));
        arguments.addAll(call.arguments());
        arguments.add(Integer.toString(shares.perUser()));
        return arguments.toArray(String[]::new);
    }

    /** Of what makes the entries of a log differ from those that another copy of the store may get. */
    static String seed() {
        return Id.random().value();
    }

    static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    <T> List<T> awaitAll(List<? extends CompletionStage<T>> started) {
        List<T> results = new ArrayList<>(started.size());
        for (CompletionStage<T> one : started) {
            results.add(await(one));
        }
        return results;
    }

    /**
     * Waits for an answer.
     *
     * @throws RefusedException with {@link ErrorCode#UNAVAILABLE} if Redis gives none in time; with
     *     {@link ErrorCode#INTERNAL} if the script failed, and will fail again
     */
    <T> T await(CompletionStage<T> started) {
        Duration timeout = properties.commandTimeout();
        try {
            return started.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RedisNoScriptException noScript) {
                throw noScript;
            }
            throw refused(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | CancellationException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static <T> T unavailableOnFailure(Supplier<T> start) {
        try {
            return start.get();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /**
     * A script that fails by itself fails again, unlike one that Redis did not let write: out of memory, or its disk
     * full.
     */
    private static RefusedException refused(Throwable cause) {
        String message = cause.getMessage();
        if (cause instanceof RedisCommandExecutionException
                && message != null
                && message.contains("user_script")
                && REDIS_ITSELF.stream().noneMatch(message::contains)) {
            return new RefusedException(
                    ErrorCode.INTERNAL, "Something went wrong on our side; the log says what.", null, cause);
        }
        return unavailable(cause);
    }

    static RefusedException unavailable(Throwable cause) {
        return new RefusedException(
                ErrorCode.UNAVAILABLE, "The store can't be reached just now; please send it again.", null, cause);
    }
}
