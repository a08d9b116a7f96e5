package chat.parley.e2e.table;

import chat.parley.e2e.Pace;
import chat.parley.e2e.Scene;
import chat.parley.e2e.stack.StackOptions;
import java.util.Set;
import java.util.function.Function;

/**
 * A row of the table of faults: something breaks at a moment, and what must be observed then.
 *
 * @param number as in the table; several rows may share one
 * @param name short, for the command line
 * @param what breaks, and when
 * @param traits what is special about it
 * @param options what it needs to be run on
 * @param body breaks it, and fails if something else is observed
 */
public record Row(
        int number, String name, String what, Set<Trait> traits, Function<Pace, StackOptions> options, Body body) {

    /** Copies what it is given. */
    public Row {
        traits = Set.copyOf(traits);
    }

    /** What is special about a row. */
    public enum Trait {
        /** It is in the short set that every test run has. */
        SHORT,
        /** Its times can't be shrunk. */
        REAL_TIME,
        /** It needs to be root. */
        ROOT
    }

    /** What happens in a row. */
    @FunctionalInterface
    public interface Body {
        /** Throws whatever shows that the row does not hold. */
        void run(Scene scene) throws Exception;
    }

    /** Whether it has this trait. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether this is how a person calls it: by its number, its name, or both. */
    public boolean isCalled(String words) {
        return words.equals(Integer.toString(number)) || words.equals(name) || words.equals(number + "-" + name);
    }
}
