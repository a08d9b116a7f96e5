package chat.parley.conversation.history;

/** A conversation's title before a model has made one. */
final class Titles {
    private Titles() {}

    /** The first words of a question, on one line, with an ellipsis if there are more. */
    static String fromWords(String text, int most) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.isEmpty()) {
            return "New chat";
        }
        if (line.length() <= most) {
            return line;
        }
        int cut = line.lastIndexOf(' ', most - 1);
        int end = cut > most / 2 ? cut : most - 1;
        if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end) + "…";
    }
}
