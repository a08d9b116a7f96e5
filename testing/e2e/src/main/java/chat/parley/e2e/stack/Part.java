package chat.parley.e2e.stack;

import chat.parley.e2e.fault.Fault;
import java.util.List;

/** A process of the stack. Its ports and its data stay the same when it is killed and started again. */
public sealed interface Part permits ProcessPart, ServerPart {
    /** Such as {@code assistant-1}. */
    String name();

    /** Starts it; returns when it is ready. Does nothing if it runs. */
    void start();

    /** Ends it at once, as {@code kill -9} does; returns when it is gone. */
    void kill();

    /** Stops it in its tracks: connections stay, nothing answers. */
    void pause();

    /** Lets it go on. */
    void resume();

    /** Whether it was started and has not ended since. */
    boolean isRunning();

    /** The last lines of what it said. */
    List<String> log(int lines);

    /** Ends it at once and starts it again. */
    default void restart() {
        kill();
        start();
    }

    /** Killed until the value is closed. */
    default Fault killed() {
        kill();
        return this::start;
    }

    /** Paused until the value is closed. */
    default Fault paused() {
        pause();
        return this::resume;
    }
}
