package chat.parley.e2e.stack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the built parts and the programs are. */
final class Installation {
    private Installation() {}

    /** The project's root: the nearest folder upwards that has nginx's template. */
    static Path root() {
        @Nullable Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            if (Files.isRegularFile(folder.resolve("nginx/render"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new IllegalStateException("Run this inside the project");
    }

    /**
     * An executable jar, from the folder {@code PARLEY_JARS} if that is set, else where the build puts it.
     *
     * @throws IllegalStateException if it is not there; the message says what to do
     */
    static Path jar(String module, String name) {
        @Nullable String folder = System.getenv("PARLEY_JARS");
        Path jar = folder == null || folder.isBlank()
                ? root().resolve(module).resolve("target").resolve(name + ".jar")
                : Path.of(folder).toAbsolutePath().resolve(name + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("There is no " + jar + ": build it with mvn -pl " + module
                    + " -am package -DskipTests, or name the folder where it is by PARLEY_JARS");
        }
        return jar;
    }

    /**
     * A service's executable jar: for the first replica that in the folder {@code PARLEY_PREVIOUS_JARS}, if it is set,
     * so that two versions run side by side.
     */
    static Path serviceJar(String name, int replica) {
        @Nullable String previous = System.getenv("PARLEY_PREVIOUS_JARS");
        return previous == null || previous.isBlank() || replica > 0
                ? jar(name, name)
                : Path.of(previous).toAbsolutePath().resolve(name + ".jar");
    }

    /**
     * The agent that puts named points into a service.
     *
     * @throws IllegalStateException if it is not built
     */
    static Path pointsAgent() {
        return jar("testing/e2e", "e2e-points");
    }

    /** The command that runs a jar on the JDK that runs this, with these options. */
    static List<String> java(Path jar, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-Dfile.encoding=UTF-8", "-jar", jar.toString()));
        return command;
    }

    /** The page, if it is built; else an empty folder. */
    static Path page(Path instead) {
        Path built = root().resolve("chatui/dist");
        return Files.isRegularFile(built.resolve("index.html")) ? built : instead;
    }

    /** A program on the PATH or where administrators' programs are. */
    static Path program(String name) {
        @Nullable String path = System.getenv("PATH");
        return Stream.concat(
                        Stream.of((path == null ? "" : path).split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("End-to-end tests need " + name + ": install it"));
    }
}
