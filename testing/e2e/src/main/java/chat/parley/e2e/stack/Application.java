package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A service's executable jar, made quick to start: unpacked once per build, with an archive of its classes. Tests start
 * it again and again; each start then takes a third of the processor time.
 */
final class Application {
    private static final String ARCHIVE = "classes.jsa";
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
     */
    static List<String> command(
            Path jar, Path folder, Map<String, String> environment, List<String> jvm, List<String> agents) {
        try {
            Path home = folder.resolve(jar.getFileName() + "-" + Files.size(jar) + "-"
                    + Files.getLastModifiedTime(jar).toMillis() + "-" + Integer.toHexString(jvm.hashCode()));
            if (!Files.isDirectory(home)) {
                unpack(jar, Files.createDirectories(folder), home);
                archive(home.resolve(jar.getFileName()), environment, jvm);
            }
            Path archive = home.resolve(ARCHIVE);
            List<String> command = java(home.resolve(jar.getFileName()), jvm);
            if (Files.isRegularFile(archive)) {
                command.add(1, "-XX:SharedArchiveFile=" + archive);
            }
            command.addAll(1, agents);
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack " + jar, e);
        }
    }

    private static void unpack(Path jar, Path folder, Path home) throws IOException {
        Path desk = Files.createTempDirectory(folder, "unpacking-");
        Path made = desk.resolve("app");
        List<String> extract = java(jar, List.of());
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

    /** It makes all its beans and ends; the classes are archived as it does, for the place where they are. */
    private static void archive(Path app, Map<String, String> environment, List<String> jvm) throws IOException {
        Path desk = Files.createTempDirectory(app.resolveSibling("."), "archive-");
        Path made = desk.resolve(ARCHIVE);
        List<String> train = java(app, jvm);
        train.add(1, "-Dspring.context.exit=onRefresh");
        train.add(1, "-XX:ArchiveClassesAtExit=" + made);
        run(train, desk, environment);
        Files.move(made, app.resolveSibling(ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** An archive serves a JVM with an agent only if it was made by one that had the agents' module, too. */
    private static List<String> java(Path jar, List<String> jvm) {
        List<String> command = new ArrayList<>(Installation.java(jar, jvm));
        command.addAll(1, List.of("--add-modules", "java.instrument"));
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
