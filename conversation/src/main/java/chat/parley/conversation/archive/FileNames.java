package chat.parley.conversation.archive;

/** Names of files made of titles. */
final class FileNames {
    private static final int LONGEST = 80;

    private FileNames() {}

    /** A title without what some file system does not take. */
    static String of(String title) {
        String name = title.replaceAll("[\\p{Cntrl}\\p{Cs}/\\\\:*?\"<>|]+", " ")
                .replaceAll("\\s+", " ")
                .strip();
        if (name.length() > LONGEST) {
            int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
            name = name.substring(0, end).strip();
        }
        return name.isEmpty() || name.startsWith(".") ? "conversation" + name : name;
    }
}
