package chat.parley.stub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reply of test mode: a function of the messages alone, so that a test knows the whole text beforehand. The
 * module's README describes it for other languages. It quotes the question, counts the user's messages, names what came
 * before by number and by hash, and goes on with words that the hash decides.
 *
 * @param text the whole reply
 * @param tokens the pieces in which it is streamed; together they are the text
 */
public record StubReply(String text, List<String> tokens) {
    /** The length where nothing sets another one. */
    public static final int DEFAULT_TOKENS = 60;

    /** The model that test mode lists; any other is answered as well. */
    public static final String MODEL = "stub-model";

    private static final int QUOTED_CODE_POINTS = 120;
    private static final int TITLE_WORDS = 6;
    private static final Pattern TOKEN = Pattern.compile("[^ \\t\\r\\n]+[ \\t\\r\\n]*");
    private static final Pattern OUTER_SPACE = Pattern.compile("^[ \\t\\r\\n]+|[ \\t\\r\\n]+$");
    private static final String[] WORDS = {
        "amber", "river", "quiet", "letter", "orbit", "naïve", "garden", "seven",
        "Grüße", "window", "copper", "motion", "日本", "silver", "paper", "north",
        "🙂", "harbor", "simple", "violet", "façade", "engine", "meadow", "signal",
        "łódź", "candle", "bridge", "planet", "мир", "thread", "winter", "parley"
    };

    /**
     * One message of a request.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     * @param text as it was sent, directives included
     */
    public record Message(String role, String text) {}

    /** The reply to one question, with nothing before it. */
    public static StubReply of(String question) {
        return of(List.of(new Message("user", question)), DEFAULT_TOKENS);
    }

    /**
     * The reply to the last user message of a request. Directives in it count: with {@code [[tokens=9]]} it has nine.
     *
     * @param tokens its length, if the question says nothing else
     */
    public static StubReply of(List<Message> messages, int tokens) {
        String question = question(messages);
        int length = Behavior.inMessage(question)
                .over(Behavior.of("tokens=" + tokens))
                .tokens();
        List<Message> turns = messages.stream().filter(StubReply::isTurn).toList();
        int hash = hash(turns);
        return ofTokens(take(length, head(turns, question, hash), hash));
    }

    /** The title of a conversation whose first user message is the request's first one. */
    public static String title(List<Message> messages) {
        String first = messages.stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(Message::text)
                .orElse("");
        List<String> words = split(trim(Behavior.withoutDirectives(first)));
        return trim("About " + String.join("", words.subList(0, Math.min(TITLE_WORDS, words.size()))));
    }

    /** The reply of these tokens, without white space at its end. */
    static StubReply ofTokens(List<String> tokens) {
        List<String> pieces = new ArrayList<>(tokens);
        if (!pieces.isEmpty()) {
            pieces.set(pieces.size() - 1, trim(pieces.getLast()));
        }
        return new StubReply(String.join("", pieces), List.copyOf(pieces));
    }

    /** Cuts a text into words, each with the white space after it. */
    static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group());
        }
        return tokens;
    }

    static String question(List<Message> messages) {
        return messages.reversed().stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(Message::text)
                .orElse("");
    }

    static String trim(String text) {
        return OUTER_SPACE.matcher(text).replaceAll("");
    }

    private static String head(List<Message> turns, String question, int hash) {
        String asked = trim(Behavior.withoutDirectives(question));
        int length = asked.codePointCount(0, asked.length());
        String quoted = asked.substring(0, asked.offsetByCodePoints(0, Math.min(length, QUOTED_CODE_POINTS)));
        long number = turns.stream().filter(turn -> turn.role().equals("user")).count();
        return "You said: %s\n\nThis is message %d of this conversation; %d came before it, context %08x.\n\n"
                .formatted(quoted, number, Math.max(0, turns.size() - 1), hash);
    }

    private static List<String> take(int length, String head, int hash) {
        List<String> tokens = new ArrayList<>(split(head));
        int state = hash;
        for (int word = 1; tokens.size() < length; word++) {
            state = state * 1_664_525 + 1_013_904_223;
            String end = word % 60 == 0 ? ".\n\n" : word % 12 == 0 ? ". " : " ";
            tokens.add(WORDS[state >>> 27] + end);
        }
        return tokens.subList(0, length);
    }

    /** FNV-1a, 32 bits, over role and text of each message. */
    private static int hash(List<Message> turns) {
        int hash = 0x811c9dc5;
        for (Message turn : turns) {
            for (byte b : (turn.role() + "\n" + turn.text() + "\n").getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (b & 0xff)) * 0x01000193;
            }
        }
        return hash;
    }

    private static boolean isTurn(Message message) {
        return message.role().equals("user") || message.role().equals("assistant");
    }
}
