package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A service's executable jar, made quick to start: unpacked once per build, with an archive of its classes. Tests start
 * it again and again; each start then takes a third of the processor time.
 */
final class Application {
    /** How a start is made quick; each is made by a start that is watched. */
    private enum Help {
        /** Of classes alone. It serves a JVM with agents, too, as the other does not. */
        ARCHIVE("classes.jsa", "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),
        /** Of JEP 514, as the images have it. */
        CACHE("start.aot", "-XX:AOTCacheOutput=", "-XX:AOTCache=");

        private final String file;
        private final String make;
        private final String use;

        Help(String file, String make, String use) {
            this.file = file;
            this.make = make;
            this.use = use;
        }
    }

    private static final Map<String, String> ANY_PORTS = Map.of("SERVER_PORT", "0", "MANAGEMENT_PORT", "0");

    private Application() {}

    /**
     * The command that runs it.
     *
     * @param jar the executable jar
     * @param folder where unpacked ones are kept
     * @param environment with which it starts
     * @param jvm options of its JVM, on which its archive depends
     * @param agents more options, on which it does not
     * @param asInImages whether it has what the images have instead, which serves no agents
     */
    static List<String> command(
            Path jar,
            Path folder,
            Map<String, String> environment,
            List<String> jvm,
            List<String> agents,
            boolean asInImages) {
        Help help = asInImages ? Help.CACHE : Help.ARCHIVE;
        try {
            Path home =
                    folder.resolve(jar.getFileName() + "-" + digest(jar) + "-" + Integer.toHexString(jvm.hashCode()));
            Path app = home.resolve(jar.getFileName());
            if (!Files.isDirectory(home)) {
                unpack(jar, Files.createDirectories(folder), home);
            }
            Path made = home.resolve(help.file);
            if (!Files.isRegularFile(made)) {
                train(app, environment, jvm, help);
            }
            List<String> command = java(app, jvm, help);
            command.add(1, help.use + made);
            command.addAll(1, agents);
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack " + jar, e);
        }
    }

    /** Two builds can have the same size, and all have the same time: that of the release they are on the way to. */
    private static String digest(Path jar) throws IOException {
        try (FileChannel file = FileChannel.open(jar)) {
            CRC32C digest = new CRC32C();
            digest.update(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
            return Long.toHexString(digest.getValue());
        }
    }

    private static void unpack(Path jar, Path folder, Path home) throws IOException {
        Path desk = Files.createTempDirectory(folder, "unpacking-");
        Path made = desk.resolve("app");
        List<String> extract = new ArrayList<>(Installation.java(jar, List.of()));
        extract.add(1, "-Djarmode=tools");
        extract.addAll(List.of("extract", "--destination", made.toString()));
        run(extract, desk, Map.of());
        try {
            Files.move(made, home);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            // another JVM was faster
        }
    }

    /** It makes all its beans and ends; what it needed for that is written down, for the place where it is. */
    private static void train(Path app, Map<String, String> environment, List<String> jvm, Help help)
            throws IOException {
        Path desk = Files.createTempDirectory(app.resolveSibling("."), "training-");
        Path made = desk.resolve(help.file);
        List<String> train = java(app, jvm, help);
        train.add(1, "-Dspring.context.exit=onRefresh");
        train.add(1, help.make + made);
        run(train, desk, environment);
        Files.move(made, app.resolveSibling(help.file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** An archive serves a JVM with an agent only if it was made by one that had the agents' module, too. */
    private static List<String> java(Path jar, List<String> jvm, Help help) {
        List<String> command = new ArrayList<>(Installation.java(jar, jvm));
        if (help == Help.ARCHIVE) {
            command.addAll(1, List.of("--add-modules", "java.instrument"));
        }
        return command;
    }

    private static void run(List<String> command, Path folder, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(ANY_PORTS);
        Process process = builder.start();
        process.onExit().join();
        if (process.exitValue() != 0) {
            throw new IOException("Ended with " + process.exitValue() + ": " + command + "\n"
                    + String.join("\n", Logs.tail(folder.resolve("output.log"), 60)));
        }
    }
}
