package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.StackOptions;
import chat.parley.e2e.table.Row.Body;
import chat.parley.e2e.table.Row.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Collects rows, most of which are run on the same stack. */
final class Rows {
    private final List<Row> rows = new ArrayList<>();

    Rows add(int number, String name, String what, Body body, Trait... traits) {
        return add(number, name, what, Rows::common, body, traits);
    }

    /** Adds a row that needs something else than the others. */
    Rows addOn(UnaryOperator<StackOptions> change, int number, String name, String what, Body body, Trait... traits) {
        return add(number, name, what, pace -> change.apply(common(pace)), body, traits);
    }

    private Rows add(
            int number, String name, String what, Function<Pace, StackOptions> options, Body body, Trait... traits) {
        rows.add(new Row(number, name, what, Set.of(traits), options, body));
        return this;
    }

    /** The row in which everything happens at random. */
    static Row soak(Soak.Load load) {
        return new Row(
                48,
                "soak",
                "random faults, one after the other, under load",
                Set.of(),
                // What it says of memory and of processor time is to be that of the images.
                pace -> onEachHop(pace).jvm(StackOptions.IN_IMAGES).startedAsInImages(),
                scene -> new Soak(scene, load).run());
    }

    List<Row> list() {
        return List.copyOf(rows);
    }

    /** With points in the code, too. */
    private static StackOptions common(Pace pace) {
        return onEachHop(pace).withPoints();
    }

    /** Two Conversations and three Assistants, proxies on every hop. */
    private static StackOptions onEachHop(Pace pace) {
        StackOptions options = StackOptions.standard()
                .conversation("PARLEY_HISTORY_MESSAGESPERMINUTE", "100000")
                .conversation("PARLEY_LIVE_SOCKETSPERUSER", "1000");
        for (Hop hop : Hop.values()) {
            options = options.proxied(hop);
        }
        return pace == Pace.REAL
                ? options
                : options.conversation("SPRING_RABBITMQ_REQUESTEDHEARTBEAT", "4s")
                        .assistant("SPRING_RABBITMQ_REQUESTEDHEARTBEAT", "4s")
                        .conversation("PARLEY_LIVE_PINGEVERY", "2s")
                        .conversation("PARLEY_LIVE_SILENCE", "8s")
                        .assistant("PARLEY_ASSISTANT_TIMEOUTS_FIRSTTOKEN", "4s")
                        .assistant("PARLEY_ASSISTANT_TIMEOUTS_NEXTTOKEN", "3s")
                        .assistant("PARLEY_ASSISTANT_BREAKER_PROBEAFTER", "1s")
                        .assistant("PARLEY_ASSISTANT_DRAIN", "3s");
    }
}
