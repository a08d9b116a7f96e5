package chat.parley.bench;

import chat.parley.bench.report.Column;
import chat.parley.bench.report.Report;
import chat.parley.bench.report.Table;
import chat.parley.e2e.stack.ProcessPart;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.e2e.stack.ThreadTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the processor time of a service goes into while many answers are written at once: by thread, by library and by
 * method of ours.
 */
final class Profile {
    private static final int STREAMS = 300;
    private static final Reply REPLY = Reply.STREAM;
    /** What is less than this share of a service's time is left out. */
    private static final double LEAST = 0.01;

    private static final double PERCENT = 100;
    private static final double THOUSAND = 1000;

    private final Report report = new Report("profile", "What processor time goes into");
    private final double tokens;

    private Profile(int streams) {
        tokens = (double) streams * REPLY.tokens();
        report.add(String.format(
                Locale.ROOT,
                "One of each part, %d streams at once of %d tokens each, %d a second. Time by thread is what Linux counted; the time of Java's threads among libraries and methods is by samples of JDK Flight Recorder, one each 10 ms of processor time. What the JDK does is the work of the library that called it. What is less than %.0f %% of a service's time is left out.",
                streams,
                REPLY.tokens(),
                REPLY.tokensPerSecond(),
                PERCENT * LEAST));
    }

    static void run(Arguments told) throws IOException, InterruptedException {
        int streams = told.numbers().isEmpty() ? STREAMS : told.numbers().getFirst();
        StackOptions options = told.stack()
                .replicas(1, 1)
                .assistant("ASSISTANT_CONCURRENCY", Integer.toString(Math.max(streams, Streams.WARM_UP)));
        try (Stack stack = Stack.start(options)) {
            REPLY.by(stack.model());
            Streams.warmUp(stack);
            new Profile(streams).measure(stack, streams);
        }
    }

    private void measure(Stack stack, int streams) throws IOException, InterruptedException {
        List<ProcessPart> services = List.of(stack.conversation(0), stack.assistant(0));
        List<Page> pages = Page.open(stack.url(), streams);
        Map<ProcessPart, ThreadTimes> before = new LinkedHashMap<>();
        for (ProcessPart service : services) {
            service.startProfile();
            before.put(service, ThreadTimes.of(service.pid()));
        }
        Round round = Round.of(pages, REPLY);
        for (Map.Entry<ProcessPart, ThreadTimes> one : before.entrySet()) {
            ProcessPart service = one.getKey();
            Map<String, Double> threads = ThreadTimes.of(service.pid()).since(one.getValue());
            Path recording = Files.createTempFile(stack.folder(), "profile", ".jfr");
            service.stopProfile(recording);
            add(service.name(), threads, Samples.read(recording));
        }
        pages.forEach(Page::close);
        Table costs = report.table("Processor seconds per 1,000 tokens", "streams", Cost.columns());
        costs.row(Integer.toString(streams), round.cost().figures());
        report.write();
    }

    private void add(String service, Map<String, Double> threads, Samples samples) {
        double all = sum(threads);
        Map<String, Double> java = new LinkedHashMap<>(threads);
        java.keySet().removeAll(ThreadTimes.OF_THE_JVM);
        report.add("");
        report.add("## " + service);
        rows(service + " by thread", "thread", threads, all);
        rows(service + " by library", "library", times(samples.byLibrary(), sum(java)), all);
        rows(service + " by method of ours", "method", times(samples.byOwnMethod(), sum(java)), all);
    }

    private static double sum(Map<String, Double> seconds) {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Map<String, Double> times(Map<String, Double> shares, double seconds) {
        Map<String, Double> times = new LinkedHashMap<>();
        shares.forEach((name, share) -> times.put(name, share * seconds));
        return times;
    }

    private void rows(String title, String of, Map<String, Double> seconds, double all) {
        Table table = report.table(
                title,
                of,
                List.of(new Column("per 1,000 tokens", "ms", 1), new Column("of the service's time", "%", 1)));
        List<Map.Entry<String, Double>> sorted = new ArrayList<>(seconds.entrySet());
        sorted.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        sorted.stream()
                .filter(entry -> entry.getValue() >= LEAST * all)
                .forEach(entry -> table.row(
                        entry.getKey(),
                        List.of(THOUSAND * entry.getValue() / (tokens / THOUSAND), PERCENT * entry.getValue() / all)));
    }
}
