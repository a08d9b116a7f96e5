package chat.parley.e2e.fault;

/** Something that is wrong until it is closed: {@code try (Fault _ = stack.assistant(1).paused()) { … }}. */
@FunctionalInterface
public interface Fault extends AutoCloseable {
    /** Makes it right again. */
    @Override
    void close();
}
