package chat.parley.conversation.session;

import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * Who has signed in.
 *
 * @param account made of the provider and its own name for the person, and the same at each sign-in; tells neither
 * @param name for people's eyes
 */
public record Person(Id account, String name) {
    private static final int LONGEST_NAME = 80;
    private static final String NAMELESS = "User";
    /** They join letters in names of some languages. */
    private static final String JOINERS = "\u200c\u200d";

    /**
     * Makes a person of what a provider says.
     *
     * @param subject what the provider calls the person; never given to anyone else
     * @param names in the order in which they are taken; the first that has something to show
     */
    static Person of(String issuer, String subject, List<String> names) {
        String name = names.stream()
                .map(Person::clean)
                .filter(one -> !one.isEmpty())
                .findFirst()
                .orElse(NAMELESS);
        return new Person(account(issuer, subject), name);
    }

    /** The length of the first text keeps two pairs apart that read the same one after the other. */
    private static Id account(String issuer, String subject) {
        byte[] both = (issuer.length() + ":" + issuer + subject).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(both);
            return new Id(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaves out what is not seen, or changes how other characters are seen. */
    private static String clean(String name) {
        StringBuilder clean = new StringBuilder();
        name.codePoints().filter(Person::isSeen).forEach(clean::appendCodePoint);
        String stripped = clean.toString().strip();
        if (stripped.length() <= LONGEST_NAME) {
            return stripped;
        }
        int end = Character.isHighSurrogate(stripped.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
        return stripped.substring(0, end).strip();
    }

    private static boolean isSeen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            case Character.FORMAT -> JOINERS.indexOf(codePoint) >= 0;
            default -> true;
        };
    }
}
