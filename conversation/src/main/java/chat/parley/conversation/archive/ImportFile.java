package chat.parley.conversation.archive;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the conversations of a file: JSON, or an archive with JSON in it. An archive is read from its beginning, as it
 * comes; the names in it say only what is read at all.
 */
final class ImportFile {
    private static final int START = 4;
    /** No file that is read here has a longer name in its archive, and looking through one takes its square. */
    private static final int LONGEST_NAME = 500;
    /**
     * And what else is taken over. In an archive of ours, and in those of others, wherever the folder of it all stands.
     */
    private static final Pattern CONVERSATIONS =
            Pattern.compile("(.*/)?(conversations/[^/]+|conversations(-\\d+)?|[^/]*chat-export[^/]*|parley)\\.json");
    /** What comes with conversations and is known to be none. */
    private static final Pattern OTHERS = Pattern.compile("(.*/)?conversations/[^/]+\\.md");

    private final ArchiveProperties properties;
    private final JsonConversations json;

    ImportFile(ArchiveProperties properties) {
        this.properties = properties;
        this.json = new JsonConversations(properties);
    }

    /**
     * Reads a file as far as it can be read.
     *
     * @param each gets every value that may be a conversation
     * @throws IOException if the file did not come to its end
     */
    void read(InputStream body, Notes notes, Consumer<JsonNode> each) throws IOException {
        PushbackInputStream file = new PushbackInputStream(body, START);
        byte[] start = file.readNBytes(START);
        file.unread(start);
        boolean isArchive = start.length == START && start[0] == 'P' && start[1] == 'K';
        if (isArchive) {
            archive(file, notes, each);
        } else {
            json.read(file, notes, each);
        }
    }

    private void archive(InputStream file, Notes notes, Consumer<JsonNode> each) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new LeftOpen(file))) {
            Unpacked unpacked = new Unpacked(zip, properties.unpackedSize().toBytes());
            int count = 0;
            for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
                count++;
                if (count > properties.entries()) {
                    notes.addOfFile(Remark.TOO_MANY_FILES);
                    return;
                }
                if (isNamed(entry, CONVERSATIONS)) {
                    json.read(unpacked, notes, each);
                } else if (!entry.isDirectory() && !isNamed(entry, OTHERS)) {
                    notes.addOfFile(Remark.OTHER_FILE);
                }
                // The next entry would read what is left of this one without counting.
                unpacked.transferTo(OutputStream.nullOutputStream());
            }
        } catch (TooMuchException e) {
            notes.addOfFile(Remark.UNPACKED_TOO_LARGE);
        } catch (ZipException | EOFException e) {
            notes.addOfFile(Remark.DAMAGED);
        }
    }

    private static boolean isNamed(ZipEntry entry, Pattern pattern) {
        String name = entry.getName();
        return name.length() <= LONGEST_NAME && pattern.matcher(name).matches();
    }

    /** Names may be no text: then the archive is damaged. */
    private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (IllegalArgumentException e) {
            ZipException damaged = new ZipException("An entry of the archive can't be read");
            damaged.initCause(e);
            throw damaged;
        }
    }

    /** What it reads from is closed by whoever opened it. */
    private static final class LeftOpen extends FilterInputStream {
        LeftOpen(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // Memory outside the heap is what closing an archive is for.
        }
    }

    private static final class TooMuchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("An archive is too large when unpacked", null, false, false);
        }
    }

    /** Counts the bytes of all files of an archive. A few bytes can be unpacked to a thousand times as many. */
    private static final class Unpacked extends FilterInputStream {
        private long left;

        Unpacked(InputStream in, long most) {
            super(in);
            left = most;
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw new TooMuchException();
            }
        }
    }
}
