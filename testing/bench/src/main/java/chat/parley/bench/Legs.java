package chat.parley.bench;

import chat.parley.bench.WayOfAToken.Leg;
import chat.parley.bench.floor.QuorumPublish;
import chat.parley.bench.floor.Step;
import chat.parley.bench.floor.WebSocketEcho;
import chat.parley.bench.floor.WritingScript;
import chat.parley.e2e.stack.BareNginx;
import chat.parley.e2e.stack.Stack;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Every leg of a token's way, on one stack, ready to be taken again and again. */
final class Legs implements AutoCloseable {
    private final Deque<Closeable> open = new ArrayDeque<>();
    private final Map<Leg, Step> steps = new EnumMap<>(Leg.class);
    private final String appendfsync;

    Legs(Stack stack) throws IOException, InterruptedException {
        try {
            Page page = new Page(stack.url());
            open.push(page::close);
            BareNginx nginx = BareNginx.start(stack.folder(), stack.model().address());
            open.push(nginx::close);
            QuorumPublish publish = new QuorumPublish(stack.backstage());
            open.push(publish::close);
            WritingScript script = new WritingScript(stack.backstage());
            open.push(script::close);
            WebSocketEcho echo = new WebSocketEcho(stack.folder());
            open.push(echo::close);
            appendfsync = script.appendfsync();
            steps.put(Leg.DIRECT, new DirectModel(stack.model().address())::firstToken);
            steps.put(Leg.THROUGH, page::firstToken);
            steps.put(Leg.NGINX, new DirectModel(nginx.url())::firstToken);
            steps.put(Leg.PUBLISH, publish);
            steps.put(Leg.SCRIPT, script);
            steps.put(Leg.ECHO, echo);
        } catch (IOException | InterruptedException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** What Redis does before it answers a write. */
    String appendfsync() {
        return appendfsync;
    }

    /** Takes each leg so often, one call after the other, so that its code is compiled. */
    void warmUp(int calls) throws IOException, InterruptedException {
        take(1, calls);
    }

    /** Takes all legs in turns, A B C … A B C …, one call after the other. */
    WayOfAToken take(int turns, int callsPerTurn) throws IOException, InterruptedException {
        Map<Leg, List<Duration>> took = new EnumMap<>(Leg.class);
        for (int turn = 0; turn < turns; turn++) {
            for (Map.Entry<Leg, Step> leg : steps.entrySet()) {
                List<Duration> times = took.computeIfAbsent(leg.getKey(), _ -> new ArrayList<>());
                for (int call = 0; call < callsPerTurn; call++) {
                    times.add(leg.getValue().once());
                }
            }
        }
        Map<Leg, Sample> samples = new EnumMap<>(Leg.class);
        took.forEach((leg, times) -> samples.put(leg, Sample.of(times)));
        return new WayOfAToken(samples);
    }

    @Override
    public void close() throws IOException {
        if (open.isEmpty()) {
            return;
        }
        // Where one can't be closed, the others are all the same.
        try (Closeable _ = open.pop()) {
            close();
        }
    }
}
