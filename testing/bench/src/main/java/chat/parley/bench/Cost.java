package chat.parley.bench;

import chat.parley.bench.report.Chart;
import chat.parley.bench.report.Chart.Line;
import chat.parley.bench.report.Chart.Point;
import chat.parley.bench.report.Column;
import chat.parley.e2e.stack.Processes.Tier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Processor time, and what came of it.
 *
 * @param cpuSeconds that each used
 * @param tokens that came meanwhile
 */
record Cost(Map<Tier, Double> cpuSeconds, double tokens) {
    private static final double THOUSAND = 1000;

    /** The processor time of some for a thousand tokens, in seconds. */
    double perThousandTokens(Predicate<Tier> of) {
        double seconds = cpuSeconds.entrySet().stream()
                .filter(entry -> of.test(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        return seconds / (tokens / THOUSAND);
    }

    /** The columns of {@link #figures}: all of Parley, then each tier. */
    static List<Column> columns() {
        return Stream.concat(Stream.of("Parley"), Arrays.stream(Tier.values()).map(tier -> tier.title()))
                .map(name -> new Column(name, "s", 3))
                .toList();
    }

    /**
     * A picture of what a thousand tokens cost.
     *
     * @param over what the numbers of these are
     */
    static Chart chart(String over, SortedMap<Integer, Cost> costs) {
        return new Chart(
                "Processor time for 1,000 tokens, s",
                over,
                List.of(
                        line("Parley", costs, Tier::isParley),
                        line(Tier.CONVERSATION.title(), costs, Tier.CONVERSATION::equals),
                        line(Tier.ASSISTANT.title(), costs, Tier.ASSISTANT::equals),
                        line(Tier.RABBITMQ.title(), costs, Tier.RABBITMQ::equals)));
    }

    private static Line line(String name, SortedMap<Integer, Cost> costs, Predicate<Tier> of) {
        return new Line(
                name,
                costs.entrySet().stream()
                        .map(entry -> new Point(entry.getKey(), entry.getValue().perThousandTokens(of)))
                        .toList());
    }

    List<Double> figures() {
        return Stream.concat(
                        Stream.of(perThousandTokens(Tier::isParley)),
                        Arrays.stream(Tier.values()).map(tier -> perThousandTokens(tier::equals)))
                .toList();
    }
}
