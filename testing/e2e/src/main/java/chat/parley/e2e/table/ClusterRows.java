package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Scene;
import chat.parley.e2e.Scene.Asked;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.stack.Part;
import chat.parley.e2e.stack.Stack;
import chat.parley.events.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What happens if nodes of a RabbitMQ cluster die, or do not reach each other. */
final class ClusterRows {
    private static final int NODES = 3;
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private ClusterRows() {}

    static void addTo(Rows rows) {
        rows.addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-leader-killed",
                        "kill -9 of the RabbitMQ node of three that leads the request queue, mid-stream",
                        ClusterRows::leaderKilled)
                .addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-leader-frozen",
                        "SIGSTOP of that node for 30 s, mid-stream",
                        ClusterRows::leaderFrozen)
                .addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-majority-killed",
                        "kill -9 of two RabbitMQ nodes of three for 30 s, mid-stream and while messages are sent",
                        ClusterRows::majorityKilled)
                .addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-one-by-one",
                        "kill -9 and start of each RabbitMQ node in turn, mid-stream",
                        ClusterRows::oneByOne)
                .addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-leader-cut-off",
                        "the RabbitMQ node that leads the request queue cut off from both others for 30 s, mid-stream",
                        ClusterRows::leaderCutOff)
                .addOn(
                        options -> options.rabbitCluster(NODES),
                        45,
                        "cluster-ring",
                        "the line between that node and one other cut for 30 s, the third reaches both, mid-stream",
                        ClusterRows::ring);
    }

    private static void leaderKilled(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askFor(ANSWER, 4));
        long since = System.nanoTime();
        try (Fault _ = scene.stack().leaderOf(Topology.REQUEST_QUEUE).killed()) {
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
            scene.recovered("kill -9 of a RabbitMQ node of three", asked.getLast(), since);
            asked.getLast().awaitWhole();
        }
        checkWhole(scene, asked);
    }

    private static void leaderFrozen(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askFor(ANSWER, 4));
        try (Fault _ = scene.stack().leaderOf(Topology.REQUEST_QUEUE).paused()) {
            askOneMore(scene, asked);
        }
        checkWholeWithNewAttempts(scene, asked);
    }

    /** No queue takes anything meanwhile: what is sent waits in Redis, and what is written in the workers. */
    private static void majorityKilled(Scene scene) {
        List<Asked> asked = new ArrayList<>(scene.askFor(ANSWER, 4));
        List<Part> dead = new ArrayList<>(scene.stack().rabbits());
        dead.remove(scene.chance(dead.size()));
        dead.forEach(Part::kill);
        for (int i = 0; i < 4; i++) {
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
        }
        asked.forEach(one -> one.chat().awaitAccepted(one.turn()));
        Scene.last(scene.time(Duration.ofSeconds(30), Duration.ofSeconds(8)));
        dead.forEach(Part::start);
        checkWholeWithNewAttempts(scene, asked);
    }

    private static void oneByOne(Scene scene) {
        Stack stack = scene.stack();
        List<Asked> asked = new ArrayList<>(scene.askFor(Duration.ofSeconds(60), 3));
        for (Part node : stack.rabbits()) {
            node.restart();
            asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
            asked.getLast().awaitWhole();
        }
        checkWhole(scene, asked);
    }

    /** It goes on strike until it reaches a majority again, as RabbitMQ's manual has it for quorum queues. */
    private static void leaderCutOff(Scene scene) {
        Part leader = scene.stack().leaderOf(Topology.REQUEST_QUEUE);
        List<Part> others = others(scene, leader);
        List<Asked> asked = new ArrayList<>(scene.askFor(ANSWER, 4));
        try (Fault _ = scene.stack().cut(leader, others.getFirst());
                Fault _ = scene.stack().cut(leader, others.getLast())) {
            askOneMore(scene, asked);
        }
        checkWholeWithNewAttempts(scene, asked);
    }

    private static void ring(Scene scene) {
        Part leader = scene.stack().leaderOf(Topology.REQUEST_QUEUE);
        List<Part> others = others(scene, leader);
        List<Asked> asked = new ArrayList<>(scene.askFor(ANSWER, 4));
        try (Fault _ = scene.stack().cut(leader, others.get(scene.chance(others.size())))) {
            askOneMore(scene, asked);
        }
        checkWholeWithNewAttempts(scene, asked);
    }

    private static List<Part> others(Scene scene, Part node) {
        List<Part> others = new ArrayList<>(scene.stack().rabbits());
        others.remove(node);
        return others;
    }

    private static void askOneMore(Scene scene, List<Asked> asked) {
        asked.add(scene.ask(scene.newClient().newChat(), "rate=200"));
        Scene.last(scene.time(Duration.ofSeconds(30), Duration.ofSeconds(12)));
    }

    /**
     * A worker that could not be heard for longer than its lease may have been given up, and a request of which no node
     * said that it has it goes out again: then nothing of a first attempt may ever have been shown.
     */
    private static void checkWholeWithNewAttempts(Scene scene, List<Asked> asked) {
        asked.forEach(Asked::awaitWhole);
        assertThat(asked)
                .allSatisfy(one ->
                        assertThat(scene.modelCalls(one)).isBetween(1, 2).isGreaterThanOrEqualTo(one.attempts()));
        scene.checkInvariants(0, 0);
    }

    private static void checkWhole(Scene scene, List<Asked> asked) {
        asked.forEach(Asked::awaitWhole);
        Scene.assertSameAttempt(asked);
        scene.check(1, asked);
    }
}
