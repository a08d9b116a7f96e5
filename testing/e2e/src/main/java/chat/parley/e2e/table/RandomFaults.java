package chat.parley.e2e.table;

import chat.parley.e2e.Scene;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.fault.Toxic;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Faults that can come at any moment, one at a time. */
final class RandomFaults {
    private final Scene scene;
    private final Stack stack;
    private final List<One> all;

    /**
     * One of them.
     *
     * @param begin makes something wrong; closing the value makes it right again
     */
    record One(String name, Supplier<Fault> begin) {}

    /**
     * Makes them.
     *
     * @param spared those with this in their names are left out; null for none
     * @throws IllegalArgumentException if there is none to leave out, or none that is left
     */
    RandomFaults(Scene scene, @Nullable String spared) {
        this.scene = scene;
        this.stack = scene.stack();
        List<One> known = List.of(
                new One(
                        "kill -9 of a Conversation",
                        () -> service(stack.conversations()).killed()),
                new One(
                        "kill -9 of an Assistant",
                        () -> service(stack.assistants()).killed()),
                new One("kill -9 of every Assistant", this::everyAssistantKilled),
                new One("kill -9 of nginx", () -> stack.nginx().killed()),
                new One("kill -9 of RabbitMQ", () -> stack.rabbit().killed()),
                new One("kill -9 of Redis", () -> stack.redis().killed()),
                new One(
                        "SIGSTOP of a Conversation",
                        () -> service(stack.conversations()).paused()),
                new One(
                        "SIGSTOP of an Assistant",
                        () -> service(stack.assistants()).paused()),
                new One("SIGSTOP of RabbitMQ", () -> stack.rabbit().paused()),
                new One("SIGSTOP of Redis", () -> stack.redis().paused()),
                new One("a reset of connections", this::reset),
                new One("a black hole", () -> proxy().with(new Toxic.BlackHole())),
                new One(
                        "a slow line",
                        () -> proxy().with(new Toxic.Latency(Duration.ofMillis(20 + scene.chance(200))))),
                new One("a sliced line", () -> proxy().with(new Toxic.Slices(1 + scene.chance(50)))),
                new One("lost answers of Redis", this::lostAnswers),
                new One("SCRIPT FLUSH", this::flush),
                new One("a provider that answers 500", this::providerDown));
        all = known.stream()
                .filter(fault -> spared == null || !fault.name().contains(spared))
                .toList();
        if (all.isEmpty() || (spared != null && all.size() == known.size())) {
            throw new IllegalArgumentException("--spare " + spared + " leaves none or all of: "
                    + String.join(", ", known.stream().map(One::name).toList()));
        }
    }

    /** Any of them. */
    One next() {
        return scene.oneOf(all);
    }

    private ProcessPart service(List<ProcessPart> replicas) {
        return scene.oneOf(replicas);
    }

    private Fault everyAssistantKilled() {
        stack.assistants().forEach(ProcessPart::kill);
        return () -> stack.assistants().forEach(ProcessPart::start);
    }

    /** Not the way to the model: what breaks there is a strike, and five of them fail a reply. */
    private TcpProxy proxy() {
        return scene.oneOf(stack.proxies(scene.oneOf(List.of(
                Hop.BROWSER_NGINX,
                Hop.NGINX_CONVERSATION,
                Hop.CONVERSATION_RABBIT,
                Hop.CONVERSATION_REDIS,
                Hop.ASSISTANT_RABBIT))));
    }

    private Fault reset() {
        proxy().reset();
        return () -> {};
    }

    private Fault lostAnswers() {
        return scene.oneOf(stack.proxies(Hop.CONVERSATION_REDIS)).with(new Toxic.LostAnswers());
    }

    private Fault flush() {
        stack.backstage().flushScripts();
        return () -> {};
    }

    private Fault providerDown() {
        stack.model().behave("{\"fail\":\"500\"}");
        return () -> stack.model().behave("{\"fail\":\"none\"}");
    }
}
