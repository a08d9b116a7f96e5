package chat.parley.bench;

import chat.parley.e2e.stack.Processes;
import chat.parley.e2e.stack.Processes.Tier;
import chat.parley.e2e.stack.Stack;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What everything takes at one moment; garbage that was collected for it is not in it.
 *
 * @param sockets that there are
 * @param heap bytes of each class in Conversation
 * @param threads of Conversation, without virtual ones
 */
record Holdings(int sockets, Map<String, Long> heap, Processes processes, long redisBytes, double threads) {
    static final double MEBI_TO_KILO = 1048.576;

    static Holdings of(Stack stack, int sockets) throws IOException {
        Map<String, Long> heap = stack.conversation(0).liveBytes();
        double threads = stack.metrics(stack.conversation(0)).value("jvm.threads.live");
        return new Holdings(sockets, heap, Processes.now(), stack.backstage().redisBytes(), threads);
    }

    double heapBytes() {
        return heap.values().stream().mapToLong(Long::longValue).sum();
    }

    double residentKilobytes(Tier tier) {
        return processes.megabytes().getOrDefault(tier, 0.0) * MEBI_TO_KILO;
    }

    /** By how many bytes each class has grown since then, for each socket there is now. */
    Map<String, Double> classesSince(Holdings before) {
        Map<String, Double> grown = new HashMap<>();
        heap.forEach((name, bytes) ->
                grown.put(name, (double) (bytes - before.heap().getOrDefault(name, 0L)) / sockets));
        return grown;
    }
}
