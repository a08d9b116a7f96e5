package chat.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where everything that must not be lost is kept: for its owner only, and for one server at a time. The operating
 * system gives the lock back when its holder dies, however it dies.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, and locks it.
     *
     * @throws StartupException if another server uses it, or it can't be written
     */
    static DataDirectory open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            createPrivate(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw new StartupException("The data in " + absolute + " is in use by another Parley server (process "
                        + holder + "). Stop that one first, or name another folder with DATA_DIR.");
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return new DataDirectory(absolute, channel);
        } catch (IOException e) {
            throw new StartupException(
                    "The data folder " + absolute + " can't be used: " + e.getMessage()
                            + ". Name another with DATA_DIR.",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /**
     * A part of the data with a folder of its own, made if need be.
     *
     * @throws StartupException if it can't be made
     */
    Path folder(String name) {
        try {
            return createPrivate(path.resolve(name));
        } catch (IOException e) {
            throw new StartupException("The folder " + path.resolve(name) + " can't be made: " + e.getMessage(), e);
        }
    }

    /** Lets another server have the data. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path createPrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.isWritable(directory)) {
            throw new IOException("it is not writable");
        }
        return directory;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }
}
