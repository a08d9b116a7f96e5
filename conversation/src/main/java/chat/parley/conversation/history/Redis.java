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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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

    RedisAsyncCommands<String, String> commands() {
        return connection.async();
    }

    /** Runs one script that answers with a list. */
    @SuppressWarnings("unchecked")
    List<Object> list(Call call) {
        return (List<Object>) runAll(List.of(call)).getFirst();
    }

    /** Runs one script that answers with a number. */
    long number(Call call) {
        return (Long) runAll(List.of(call)).getFirst();
    }

    /** Runs one script that is about no conversation, and answers with a number. */
    long number(Script script, String[] keys, Object... arguments) {
        String[] strings = Call.strings(arguments).toArray(String[]::new);
        try {
            return (Long) await(start(script, keys, strings, true));
        } catch (RedisNoScriptException e) {
            return (Long) await(start(script, keys, strings, false));
        }
    }

    /**
     * Runs scripts in this order, without waiting between them. Where Redis does not know a script (it was restarted,
     * or another took over), all are run again, by their texts, which it then knows: each may run twice.
     */
    List<Object> runAll(List<Call> calls) {
        try {
            return awaitAll(startAll(calls, true));
        } catch (RedisNoScriptException e) {
            return awaitAll(startAll(calls, false));
        }
    }

    private List<CompletionStage<Object>> startAll(List<Call> calls, boolean known) {
        return calls.stream()
                .map(call -> start(call.script(), Keys.ofScripts(call.conversation()), arguments(call), known))
                .toList();
    }

    /** @param known whether Redis is to know the script; its text is sent otherwise */
    private CompletionStage<Object> start(Script script, String[] keys, String[] arguments, boolean known) {
        return unavailableOnFailure(() -> known
                ? commands().evalsha(script.digest(), script.output(), keys, arguments)
                : commands().eval(script.text(), script.output(), keys, arguments));
    }

    private String[] arguments(Call call) {
        List<String> arguments = new ArrayList<>(call.arguments().size() + 9);
        ConversationName name = call.conversation();
        arguments.add(name.toString());
        arguments.add(now().toString());
        arguments.add(Id.random().value());
        arguments.add(Keys.channel(name));
        arguments.add(Keys.channel(name.userId()));
        arguments.add(Long.toString(properties.outboxLease().toMillis()));
        arguments.add(Long.toString(properties.lease().toMillis()));
        arguments.add(Long.toString(properties.keepLog().toMillis()));
        arguments.addAll(call.arguments());
        arguments.add(Integer.toString(shares.perUser()));
        return arguments.toArray(String[]::new);
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
