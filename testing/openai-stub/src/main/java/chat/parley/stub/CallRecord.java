package chat.parley.stub;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call, as {@code GET /stub/calls} shows it.
 *
 * @param number counts calls and titles alike from 1
 * @param id the id of the completion
 * @param at when its request had arrived
 * @param host by which address it came, as its header {@code Host} has it
 * @param title whether it asked for a conversation's title
 * @param question the first 200 characters of the last user message
 * @param system the first 200 characters of the first system message; empty if there is none
 * @param messages how many messages it had
 * @param attempt how many calls with the same messages there were, this one included; 0 for titles
 * @param headers those whose names start with {@code X-Parley-} or are {@code X-Request-Id} or {@code traceparent}
 * @param fault what it suffers; null if nothing
 * @param tokens how many were sent so far
 * @param firstTokenMillis from arrival to the first token; null before it
 * @param durationMillis from arrival to the end, or to now
 */
public record CallRecord(
        long number,
        String id,
        Instant at,
        String host,
        boolean title,
        CallStatus status,
        String model,
        String question,
        String system,
        int messages,
        int attempt,
        boolean stream,
        String user,
        Map<String, String> headers,
        @Nullable String fault,
        int tokens,
        @Nullable Long firstTokenMillis,
        long durationMillis) {}
