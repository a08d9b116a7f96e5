package chat.parley.bench;

import java.util.List;

/** The measurements by name; {@code script/bench} says what each is. */
public final class Bench {
    private Bench() {}

    /**
     * Runs one.
     *
     * @param arguments its name, and what it is told
     */
    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        Arguments told = Arguments.of(given.subList(1, given.size()));
        if (told.conversations() > 1 && !given.getFirst().equals("streams")) {
            throw new IllegalArgumentException("Only streams takes more than one Conversation");
        }
        switch (given.getFirst()) {
            case "first-token" -> FirstToken.run(told);
            case "floors" -> Floors.run(told);
            case "hops" -> Hops.run(told);
            case "bytes" -> Bytes.run(told);
            case "smoke" -> {
                if (!Smoke.run(told)) {
                    System.exit(1);
                }
            }
            case "history" -> History.run(told);
            case "search" -> Search.run(told);
            case "idle" -> Idle.run(told);
            case "storm" -> Storm.run(told);
            case "starts" -> Starts.run(told);
            case "streams" -> Streams.run(told);
            case "profile" -> Profile.run(told);
            case "pinned" -> Pinned.run(told);
            case "workers" -> Workers.run(told);
            default -> throw new IllegalArgumentException("There is no measurement " + given.getFirst());
        }
    }
}
