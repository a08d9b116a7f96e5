package chat.parley.e2e.fault;

import java.time.Duration;

/** What a proxy does to the bytes that pass it, in both directions, as long as it is on. */
public sealed interface Toxic {
    /** Each piece comes later by this time, up to twice that under load. */
    record Latency(Duration time) implements Toxic {}

    /** Nothing passes, not even the end of a connection; what was sent meanwhile passes afterwards. */
    record BlackHole() implements Toxic {}

    /**
     * Nothing passes on the connections that are open when this comes on, not even their end; new ones are not touched.
     * They are reset when it goes.
     */
    record Vanished() implements Toxic {}

    /** No write is longer than this. */
    record Slices(int bytes) implements Toxic {}

    /** Each direction of a connection carries at most so much. */
    record Bandwidth(int bytesPerSecond) implements Toxic {}

    /** What is asked arrives; instead of the first answer its connection is reset. */
    record LostAnswers() implements Toxic {}

    /** Each connection is reset when so many bytes, in both directions, have passed it since this came on. */
    record CutAfter(long bytes) implements Toxic {}
}
