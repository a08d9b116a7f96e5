package chat.parley.conversation.api;

import chat.parley.conversation.api.DeadLetterAnswer.Dropped;
import chat.parley.conversation.api.DeadLetterAnswer.Letter;
import chat.parley.conversation.api.DeadLetterAnswer.Listing;
import chat.parley.conversation.api.DeadLetterAnswer.Refusal;
import chat.parley.conversation.api.DeadLetterAnswer.Replays;
import chat.parley.conversation.history.DeadLetter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the answers about dead letters for a terminal. */
final class DeadLetterText {
    private static final List<String> COLUMNS =
            List.of("ID", "AT", "TRIES", "BYTES", "FROM", "TYPE", "CAUSE", "REPLY/ATTEMPT");
    private static final String UNKNOWN = "-";

    private DeadLetterText() {}

    /** The answer in lines, each with its end. */
    static String of(DeadLetterAnswer answer) {
        return switch (answer) {
            case Listing listing -> listing(listing);
            case Letter letter -> letter(letter);
            case Replays replays -> replays(replays);
            case Dropped(long dropped) -> "Dropped " + letters(dropped) + ".\n";
            case Refusal refusal -> refusal.message() + "\n";
        };
    }

    private static String listing(Listing listing) {
        if (listing.items().isEmpty()) {
            return "There are no dead letters.\n";
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        listing.items().forEach(letter -> rows.add(row(letter)));
        String rest = listing.items().size() < listing.total()
                ? "These are the newest " + listing.items().size() + " of " + listing.total() + ".\n"
                : "";
        return table(rows) + rest;
    }

    private static List<String> row(DeadLetter letter) {
        return List.of(
                letter.id().value(),
                at(letter),
                Integer.toString(letter.tries()),
                Integer.toString(letter.bytes()),
                orDash(letter.source()),
                orDash(letter.type()),
                orDash(letter.cause()),
                subject(letter));
    }

    private static String at(DeadLetter letter) {
        return letter.at().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String subject(DeadLetter letter) {
        return letter.reply() == null ? UNKNOWN : letter.reply() + "/" + letter.attempt();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? UNKNOWN : text;
    }

    private static String table(List<List<String>> rows) {
        int[] widths = IntStream.range(0, COLUMNS.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
        }
        return line.toString().stripTrailing() + "\n";
    }

    private static String letter(Letter shown) {
        DeadLetter letter = shown.letter();
        String facts = """
                id             %s
                at             %s
                from           %s
                type           %s
                message id     %s
                reply/attempt  %s
                cause          %s
                tries          %d
                bytes          %d
                body           %s
                """.formatted(
                        letter.id(),
                        at(letter),
                        orDash(letter.source()),
                        orDash(letter.type()),
                        orDash(letter.messageId()),
                        subject(letter),
                        orDash(letter.cause()),
                        letter.tries(),
                        letter.bytes(),
                        letter.kept() ? "kept" : "not kept");
        if (shown.body() != null) {
            return facts + "\n" + harmless(shown.body()) + "\n";
        }
        return shown.bodyBase64() == null ? facts : facts + "\nbase64:" + shown.bodyBase64() + "\n";
    }

    /** Without what a terminal would obey. */
    private static String harmless(String text) {
        return text.replaceAll("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]", "?");
    }

    private static String replays(Replays replays) {
        String left = replays.left().stream()
                .map(one -> one.id() + "  " + one.message() + "\n")
                .collect(Collectors.joining());
        return "Replayed " + letters(replays.replayed()) + ".\n" + left;
    }

    private static String letters(long count) {
        return count == 1 ? "1 dead letter" : count + " dead letters";
    }
}
