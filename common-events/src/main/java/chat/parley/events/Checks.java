package chat.parley.events;

/** Bounds that several events share. */
final class Checks {
    private Checks() {}

    static void attempt(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("Attempts are counted from 1, not " + attempt);
        }
    }

    static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is counted from 0, not " + value);
        }
    }
}
