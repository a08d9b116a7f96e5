package chat.parley.stub;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts calls and remembers the last ones. Thread-safe. */
final class Ledger {
    private static final int REMEMBERED_CALLS = 10_000;
    private static final int REMEMBERED_REQUESTS = 100_000;

    private final Deque<Call> last = new ArrayDeque<>();
    private final Set<Call> open = new HashSet<>();
    private final Map<String, Integer> attempts = new Attempts();
    private final Map<String, Integer> byFault = new TreeMap<>();
    private final Map<CallStatus, Integer> ended = new EnumMap<>(CallStatus.class);
    private long numbers;
    private int calls;
    private int titles;
    private int maxOpen;
    private int rejected;
    private long endedTokens;

    synchronized Call open(ChatRequest request, boolean title, String host, Map<String, String> headers) {
        int attempt = title ? 0 : attempts.merge(request.identity(), 1, Integer::sum);
        Call call = new Call(++numbers, request, title, host, headers, attempt);
        open.add(call);
        last.addLast(call);
        if (last.size() > REMEMBERED_CALLS) {
            last.removeFirst();
        }
        if (title) {
            titles++;
        } else {
            calls++;
            maxOpen = Math.max(maxOpen, openCalls());
        }
        return call;
    }

    synchronized void suffer(Call call, Fault fault) {
        call.suffer(fault);
        if (!call.title()) {
            byFault.merge(fault.label(), 1, Integer::sum);
        }
    }

    /** Ends a call; a second end of the same call changes nothing. */
    synchronized void end(Call call, CallStatus status) {
        if (!open.remove(call)) {
            return;
        }
        call.end(status);
        if (!call.title()) {
            ended.merge(status, 1, Integer::sum);
            endedTokens += call.tokens();
        }
    }

    synchronized void rejected() {
        rejected++;
    }

    /** Forgets everything but the calls under way, which count on. */
    synchronized void reset() {
        last.removeIf(call -> call.status() != CallStatus.OPEN);
        attempts.clear();
        byFault.clear();
        ended.clear();
        endedTokens = 0;
        rejected = 0;
        calls = openCalls();
        maxOpen = calls;
        titles = open.size() - calls;
    }

    synchronized StubStats stats(int connections) {
        int openCalls = openCalls();
        long openTokens = open.stream()
                .filter(call -> !call.title())
                .mapToLong(Call::tokens)
                .sum();
        return new StubStats(
                calls,
                openCalls,
                maxOpen,
                ended.getOrDefault(CallStatus.COMPLETED, 0),
                ended.getOrDefault(CallStatus.FAULTED, 0),
                ended.getOrDefault(CallStatus.ABORTED, 0),
                Map.copyOf(byFault),
                endedTokens + openTokens,
                titles,
                open.size() - openCalls,
                rejected,
                connections);
    }

    /** The newest calls, oldest of them first. */
    synchronized List<CallRecord> calls(int atMost) {
        return last.stream()
                .skip(Math.max(0, last.size() - atMost))
                .map(Call::describe)
                .toList();
    }

    private int openCalls() {
        return (int) open.stream().filter(call -> !call.title()).count();
    }

    /** Calls per request, the ones least recently seen dropped first. */
    private static final class Attempts extends LinkedHashMap<String, Integer> {
        Attempts() {
            super(64, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > REMEMBERED_REQUESTS;
        }
    }
}
