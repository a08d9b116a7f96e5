package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param what {@code list}, {@code report}, {@code short}, {@code all}, {@code soak} or {@code rows}
 * @param names of rows
 * @param times how often each row is to have passed
 * @param seed of every row; -1 for another one each time
 * @param load of a soak
 * @param to the folder that a report is written to; null to print it
 * @param commit of which the report is; null for that of the code
 */
record Options(
        String what,
        List<String> names,
        int times,
        long seed,
        Pace pace,
        Soak.Load load,
        @Nullable Path to,
        @Nullable String commit) {
    private static final Duration SOAK = Duration.ofMinutes(30);
    private static final Duration FAULT_EVERY = Duration.ofSeconds(20);
    private static final Set<String> COMMANDS = Set.of("list", "report", "short", "all");

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        List<String> words = new ArrayList<>();
        int times = 1;
        long seed = -1;
        Pace pace = Pace.SHRUNK;
        int streams = 20;
        int idle = 100;
        Duration faultEvery = FAULT_EVERY;
        @Nullable String spared = null;
        @Nullable Path to = null;
        @Nullable String commit = null;
        while (!left.isEmpty()) {
            String word = left.removeFirst();
            switch (word) {
                case "--times" -> times = Math.toIntExact(number(word, left));
                case "--seed" -> seed = number(word, left);
                case "--streams" -> streams = Math.toIntExact(number(word, left));
                case "--idle" -> idle = Math.toIntExact(number(word, left));
                case "--every" -> faultEvery = length(text(word, left));
                case "--spare" -> spared = text(word, left);
                case "--to" -> to = Path.of(text(word, left));
                case "--commit" -> commit = text(word, left);
                case "--real" -> pace = Pace.REAL;
                default -> words.add(word);
            }
        }
        Soak.Load load = new Soak.Load(SOAK, streams, idle, faultEvery, spared);
        if (words.size() == 2 && words.getFirst().equals("soak")) {
            Duration length = length(words.getLast());
            return new Options(
                    "soak",
                    List.of(),
                    1,
                    seed,
                    pace,
                    new Soak.Load(length, streams, idle, faultEvery, spared),
                    to,
                    commit);
        }
        if (words.size() == 1 && COMMANDS.contains(words.getFirst())) {
            return new Options(words.getFirst(), List.of(), times, seed, pace, load, to, commit);
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException("Which rows? list shows them; short and all are some and all of them.");
        }
        for (String name : words) {
            if (FaultTable.rows().stream().noneMatch(row -> row.isCalled(name))) {
                throw new IllegalArgumentException("There is no row " + name + "; list shows all.");
            }
        }
        return new Options("rows", words, times, seed, pace, load, to, commit);
    }

    private static Duration length(String text) {
        if (!text.matches("[0-9]{1,5}[sm]")) {
            throw new IllegalArgumentException("How long? Such as 30m, or 90s.");
        }
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    private static String text(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value.");
        }
        return left.removeFirst();
    }

    private static long number(String option, Deque<String> left) {
        String text = left.isEmpty() ? "" : left.removeFirst();
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(option + " wants a number.");
        }
        return Long.parseLong(text);
    }
}
