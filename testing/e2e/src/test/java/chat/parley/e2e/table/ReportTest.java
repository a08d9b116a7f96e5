package chat.parley.e2e.table;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Recovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static Result result(String commit, @Nullable String error, List<Recovery> recoveries) {
        return result(commit, error, recoveries, Map.of());
    }

    private static Result result(
            String commit, @Nullable String error, List<Recovery> recoveries, Map<String, Long> counts) {
        return new Result(
                10,
                "kill-mid-stream",
                commit,
                Pace.SHRUNK,
                7,
                Instant.EPOCH,
                Duration.ofSeconds(9),
                error,
                null,
                recoveries,
                counts);
    }

    @Test
    void countsWhatWasRunOnThisCommitAlone() {
        List<Result> results =
                List.of(result("one", null, List.of()), result("one", "I3", List.of()), result("two", null, List.of()));

        assertThat(new Report(results, "one").markdown())
                .contains("| 10 | kill-mid-stream | kill -9 of an Assistant, mid-stream | 1 | 1 | 0 |");
    }

    @Test
    void addsUpSeveralCommits() {
        List<Result> results = List.of(
                result("one", null, List.of()), result("two", null, List.of()), result("three", null, List.of()));

        assertThat(new Report(results, "one,two").document("picture"))
                .contains("of one, two;", "mid-stream | 2 | 0 | 0 |");
    }

    @Test
    void givesTheMiddleThe95thPartAndTheWorstOfTheRecoveries() {
        List<Recovery> recoveries = IntStream.rangeClosed(1, 20)
                .mapToObj(second -> new Recovery("kill", Duration.ofSeconds(second)))
                .toList();

        assertThat(new Report(List.of(result("one", null, recoveries)), "one").markdown())
                .contains("| kill | 20 | 10.0 s | 19.0 s | 20.0 s |  |");
    }

    @Test
    void drawsEachRecoveryOnceAndItsTarget() {
        List<Recovery> recoveries = List.of(
                new Recovery("the browser's network is back", Duration.ofMillis(500)),
                new Recovery("a < b", Duration.ofSeconds(1)));

        assertThat(new Report(List.of(result("one", null, recoveries)), "one").picture())
                .contains("cx=\"447.5\"", "a &lt; b")
                .containsOnlyOnce("class=\"target\" x1=\"770.0\"")
                .satisfies(svg -> assertThat(svg.split("<circle ")).hasSize(3));
    }

    @Test
    void drawsNothingWithoutRecoveries() {
        assertThat(new Report(List.of(), "one").picture()).isEmpty();
    }

    @Test
    void addsUpWhatWasCounted() {
        Result once = result("one", null, List.of(), Map.of("accepted", 20L, "lost", 1L));
        Result again = result("one", null, List.of(), Map.of("accepted", 19L));

        assertThat(new Report(List.of(once, again), "one").markdown()).contains("| accepted | 39 |\n| lost | 1 |");
    }

    @Test
    void readsOlderResultsThatHaveNoCounts(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("results.jsonl");
        Result result = result("one", null, List.of());
        new Results(file).add(result);
        Files.writeString(file, Files.readString(file).replace(",\"counts\":{}", ""));

        assertThat(new Results(file).all()).containsExactly(result);
    }

    @Test
    void keepsResultsAsTheyAre(@TempDir Path folder) {
        Results kept = new Results(folder.resolve("some/results.jsonl"));
        Result passed = result("one", null, List.of(new Recovery("kill", Duration.ofMillis(1234))));
        Result failed = result("one", "I3: \"quoted\"\nand more", List.of());
        kept.add(passed);
        kept.add(failed);

        assertThat(kept.all()).containsExactly(passed, failed);
    }

    @Test
    void countsNeitherAsPassedNorAsFailedWhatWasNotRun() {
        Result notRun = new Result(
                46,
                "disk",
                "one",
                Pace.SHRUNK,
                1,
                Instant.EPOCH,
                Duration.ZERO,
                null,
                "needs to be root",
                List.of(),
                Map.of());

        assertThat(Report.junit(List.of(notRun, result("one", "a < b", List.of()))))
                .doesNotContain("disk")
                .contains("<failure>a &lt; b</failure>");
    }
}
