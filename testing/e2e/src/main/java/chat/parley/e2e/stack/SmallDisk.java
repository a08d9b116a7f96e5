package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that is a disk of its own, small enough to be filled; it takes root. It ends with this JVM. */
final class SmallDisk implements AutoCloseable {
    private static final String FILLER = "filler";
    private static final int PIECE = 64 * 1024;

    private final Path folder;
    private boolean mounted;

    SmallDisk(Path folder, int megabytes) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "parley-e2e", folder.toString()));
        mounted = true;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "unmount"));
    }

    /** Takes all the room that is left. */
    void fill() {
        byte[] piece = new byte[PIECE];
        try (var out = Files.newOutputStream(folder.resolve(FILLER))) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            if (!Files.exists(folder.resolve(FILLER))) {
                throw new UncheckedIOException(full);
            }
        }
    }

    /** Gives the room back. */
    void free() {
        try {
            Files.deleteIfExists(folder.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (mounted) {
            mounted = false;
            run(List.of("umount", "-l", folder.toString()));
        }
    }
}
