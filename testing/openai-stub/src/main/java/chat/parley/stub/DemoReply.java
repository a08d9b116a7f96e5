package chat.parley.stub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The replies of Parley's demo model: canned, but aware of the question and of how long the conversation is. */
final class DemoReply {
    static final String MODEL = "parley-demo";

    private static final int QUOTED_CODE_POINTS = 280;
    private static final int TITLE_WORDS = 6;
    private static final Pattern LINE_BREAKS = Pattern.compile("\\s+");

    private DemoReply() {}

    static StubReply of(List<StubReply.Message> messages) {
        List<String> questions = messages.stream()
                .filter(message -> message.role().equals("user"))
                .map(StubReply.Message::text)
                .toList();
        String question = questions.isEmpty() ? "" : questions.getLast();
        String text = read(DemoTopic.of(question).file())
                .replace("{{place}}", place(questions))
                .replace("{{question}}", quote(question));
        return StubReply.ofTokens(StubReply.split(text));
    }

    static String title(List<StubReply.Message> messages) {
        String first = messages.stream()
                .filter(message -> message.role().equals("user"))
                .findFirst()
                .map(StubReply.Message::text)
                .orElse("");
        List<String> words =
                StubReply.split(LINE_BREAKS.matcher(first).replaceAll(" ").strip());
        String title = String.join("", words.subList(0, Math.min(TITLE_WORDS, words.size())))
                .strip();
        return title.isEmpty()
                ? "A chat with the demo model"
                : title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }

    /** Says where in the conversation we are, so that one sees that the context arrives. */
    private static String place(List<String> questions) {
        int number = questions.size();
        if (number < 2) {
            return "This is the first message of our conversation.";
        }
        return "This is message %d of our conversation; the one before was:\n\n%s"
                .formatted(number, quote(questions.get(number - 2)));
    }

    /** As a Markdown quotation in one paragraph, shortened; a code fence or a heading in it has no effect. */
    private static String quote(String text) {
        String line = LINE_BREAKS.matcher(text).replaceAll(" ").strip();
        boolean fits = line.codePointCount(0, line.length()) <= QUOTED_CODE_POINTS;
        String shown = fits ? line : line.substring(0, line.offsetByCodePoints(0, QUOTED_CODE_POINTS)) + " …";
        // Only at its beginning does one of these mean a list or a heading.
        boolean opensBlock = !shown.isEmpty() && "-+=".indexOf(shown.charAt(0)) >= 0;
        StringBuilder quoted = new StringBuilder(opensBlock ? "> \\" : "> ");
        shown.codePoints().forEach(character -> {
            if ("\\`*_{}[]<>#|~$!".indexOf(character) >= 0) {
                quoted.append('\\');
            }
            quoted.appendCodePoint(character);
        });
        return quoted.toString();
    }

    private static String read(String file) {
        try (InputStream in = DemoReply.class.getResourceAsStream("demo/" + file)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks demo/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
