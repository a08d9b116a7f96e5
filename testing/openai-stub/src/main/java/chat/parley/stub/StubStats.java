package chat.parley.stub;

import java.util.Map;

/**
 * What was counted since the start or the last reset. {@code calls = open + completed + faulted + aborted}, titles
 * apart.
 *
 * @param maxOpen the most that were open at once
 * @param byFault calls that had a fault coming, by its name
 * @param tokens sent, those of calls that ended badly included
 * @param titleCalls requests for a title, in none of the other numbers
 * @param titlesOpen those of them that are not ended
 * @param rejected requests that never became calls: no JSON, a missing member, the wrong key
 * @param connections open TCP connections, idle ones included
 */
public record StubStats(
        int calls,
        int open,
        int maxOpen,
        int completed,
        int faulted,
        int aborted,
        Map<String, Integer> byFault,
        long tokens,
        int titleCalls,
        int titlesOpen,
        int rejected,
        int connections) {}
