package chat.parley.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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
     */
    static List<String> command(Path jar, Path folder, Map<String, String> environment) {
        try {
            Path home = folder.resolve(jar.getFileName() + "-" + Files.size(jar) + "-"
                    + Files.getLastModifiedTime(jar).toMillis());
            if (!Files.isDirectory(home)) {
                unpack(jar, Files.createDirectories(folder), home, environment);
            }
            Path archive = home.resolve(ARCHIVE);
            List<String> command = new ArrayList<>(Installation.java(home.resolve(jar.getFileName())));
            if (Files.isRegularFile(archive)) {
                command.add(1, "-XX:SharedArchiveFile=" + archive);
            }
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack " + jar, e);
        }
    }

    private static void unpack(Path jar, Path folder, Path home, Map<String, String> environment) throws IOException {
        Path desk = Files.createTempDirectory(folder, "unpacking-");
        Path made = desk.resolve("app");
        List<String> extract = new ArrayList<>(Installation.java(jar));
        extract.add(1, "-Djarmode=tools");
        extract.addAll(List.of("extract", "--destination", made.toString()));
        run(extract, desk, Map.of());
        List<String> train = new ArrayList<>(Installation.java(made.resolve(jar.getFileName())));
        // It makes all its beans and ends; the classes are archived as it does.
        train.add(1, "-Dspring.context.exit=onRefresh");
        train.add(1, "-XX:ArchiveClassesAtExit=" + ARCHIVE);
        run(train, made, environment);
        try {
            Files.move(made, home);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            // another JVM was faster
        }
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
