package chat.parley.stub;

import chat.parley.stub.http.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers one call, at its pace and with its fault. A call is marked as ended before its last bytes are sent, so that
 * whoever has read them finds it counted.
 */
final class Answer {
    private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final HttpExchange exchange;
    private final Ledger ledger;
    private final Call call;
    private final Completion completion;
    private final Behavior behavior;
    private final Consumer<Duration> refusal;
    private final @Nullable Fault fault;
    private final int tokens;
    private final long delayNanos;
    private final double rate;
    private final long start = System.nanoTime();

    /** @param refusal closes the listening port for a time */
    Answer(
            HttpExchange exchange,
            Ledger ledger,
            Call call,
            Completion completion,
            Behavior behavior,
            Consumer<Duration> refusal) {
        this.refusal = refusal;
        this.exchange = exchange;
        this.ledger = ledger;
        this.call = call;
        this.completion = completion;
        this.behavior = behavior;
        this.fault = call.fault().orElse(null);
        this.tokens = tokensToSend();
        this.delayNanos = behavior.delay().toNanos();
        this.rate = behavior.rate();
    }

    /** Answers in pieces. */
    void stream() throws IOException {
        boolean replaced = fault != null && fault.replacesAnswer();
        if (behavior.early() && !replaced) {
            begin();
        }
        awaitToken(0);
        boolean silent = tokens == 0 && (fault == Fault.HANG || fault == Fault.RESET || fault == Fault.CLOSE);
        if (!replaced && !silent && !exchange.begun()) {
            begin();
        }
        sendTokens();
        finishStream();
    }

    private void sendTokens() throws IOException {
        TokenChunks chunks = completion.tokenChunks();
        for (int token = 0; token < tokens; token++) {
            awaitToken(token);
            exchange.write(chunks.of(completion.tokens().get(token)));
            call.tokensSent(token + 1);
            if (token == 0 || rate > 0) {
                exchange.flush();
            }
        }
        exchange.flush();
    }

    /** Answers in one piece, when a stream would have ended. */
    void whole() throws IOException {
        awaitToken(Math.max(0, tokens - 1));
        if (tokens > 0) {
            call.tokensSent(tokens);
        }
        switch (fault) {
            case null -> respond(CallStatus.COMPLETED, completion.whole(tokens, completion.finishReason()));
            case HANG -> exchange.hang();
            case RESET, CLOSE -> breakOff(completion.whole(tokens, null));
            case STREAM_ERROR -> refuse(Fault.SERVER_ERROR.problem(), Map.of());
            case MALFORMED -> respond(CallStatus.FAULTED, half(completion.whole(tokens, null)));
            case CONTENT_FILTER -> respond(CallStatus.FAULTED, completion.whole(tokens, "content_filter"));
            case SHORT, NO_FINISH -> respond(CallStatus.FAULTED, completion.whole(tokens, null));
            case NO_DONE, EMPTY -> respond(CallStatus.FAULTED, completion.whole(tokens, completion.finishReason()));
            case BAD_REQUEST, UNAUTHORIZED, UNKNOWN_MODEL, RATE_LIMITED, QUOTA -> refuse();
            case SERVER_ERROR, UNAVAILABLE, CONTEXT_TOO_LONG -> refuse();
            case REFUSE -> refuseConnections();
        }
    }

    private void finishStream() throws IOException {
        switch (fault) {
            case null -> finish(CallStatus.COMPLETED, completion.finishReason(), true);
            case HANG -> exchange.hang();
            case RESET -> {
                ledger.end(call, CallStatus.FAULTED);
                exchange.reset();
            }
            case CLOSE -> {
                ledger.end(call, CallStatus.FAULTED);
                exchange.drop();
            }
            case MALFORMED -> endWith(Completion.MALFORMED, completion.finishChunk("stop"), Completion.DONE);
            case STREAM_ERROR -> endWith(completion.errorEvent(Fault.SERVER_ERROR.problem()));
            case SHORT -> endWith();
            case NO_FINISH -> endWith(Completion.DONE);
            case CONTENT_FILTER -> finish(CallStatus.FAULTED, "content_filter", true);
            case EMPTY -> finish(CallStatus.FAULTED, completion.finishReason(), true);
            case NO_DONE -> finish(CallStatus.FAULTED, completion.finishReason(), false);
            case BAD_REQUEST, UNAUTHORIZED, UNKNOWN_MODEL, RATE_LIMITED, QUOTA -> refuse();
            case SERVER_ERROR, UNAVAILABLE, CONTEXT_TOO_LONG -> refuse();
            case REFUSE -> refuseConnections();
        }
    }

    private void begin() throws IOException {
        exchange.begin(200, EVENT_STREAM, Map.of("Cache-Control", "no-cache", "x-request-id", "req-" + call.id()));
        exchange.write(completion.roleChunk());
        exchange.flush();
    }

    private void finish(CallStatus status, String reason, boolean done) throws IOException {
        exchange.write(completion.finishChunk(reason));
        if (completion.includeUsage()) {
            exchange.write(completion.usageChunk(tokens));
        }
        if (done) {
            exchange.write(Completion.DONE);
        }
        ledger.end(call, status);
        exchange.end();
    }

    private void endWith(byte[]... events) throws IOException {
        for (byte[] event : events) {
            exchange.write(event);
        }
        ledger.end(call, CallStatus.FAULTED);
        exchange.end();
    }

    private void respond(CallStatus status, byte[] body) throws IOException {
        ledger.end(call, status);
        exchange.respond(200, "application/json", Map.of("x-request-id", "req-" + call.id()), body);
    }

    private void refuseConnections() throws IOException {
        refusal.accept(behavior.refusal());
        ledger.end(call, CallStatus.FAULTED);
        exchange.reset();
    }

    private void refuse() throws IOException {
        Map<String, String> headers = behavior.retryAfter()
                .map(after -> Map.of("Retry-After", retryAfter(Math.ceilDiv(after.toMillis(), 1000L))))
                .orElse(Map.of());
        refuse(call.fault().orElseThrow().problem(), headers);
    }

    private String retryAfter(long seconds) {
        return behavior.retryDate() ? HTTP_DATE.format(Instant.now().plusSeconds(seconds)) : Long.toString(seconds);
    }

    private void refuse(ApiProblem problem, Map<String, String> headers) throws IOException {
        ledger.end(call, CallStatus.FAULTED);
        byte[] body = completion.json().writeValueAsBytes(problem.body());
        exchange.respond(problem.status(), "application/json", headers, body);
    }

    private void breakOff(byte[] body) throws IOException {
        if (tokens > 0) {
            exchange.respondPartly("application/json", body, body.length / 2);
        }
        ledger.end(call, CallStatus.FAULTED);
        if (fault == Fault.RESET) {
            exchange.reset();
        } else {
            exchange.drop();
        }
    }

    private static byte[] half(byte[] body) {
        return Arrays.copyOf(body, body.length / 2);
    }

    private int tokensToSend() {
        int all = completion.tokens().size();
        if (fault == null) {
            return all;
        }
        if (fault == Fault.EMPTY || fault.replacesAnswer()) {
            return 0;
        }
        return fault.cutsShort() ? Math.min(all, behavior.after()) : all;
    }

    /** Waits until a token is due; all are due at times counted from the start, so that no delay adds up. */
    private void awaitToken(int token) throws IOException {
        long due = rate > 0 ? delayNanos + (long) (token * 1e9 / rate) : delayNanos;
        exchange.pause(Duration.ofNanos(due - (System.nanoTime() - start)));
    }
}
