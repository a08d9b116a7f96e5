package chat.parley.testing.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An authority that nobody knows, made with {@code openssl} as an operator would do it. All files are PEM. */
public final class PrivateCa {
    private static final String NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

    private final Path folder;

    private PrivateCa(Path folder) {
        this.folder = folder;
    }

    /** A certificate and its key. */
    public record Pair(Path certificate, Path key) {}

    /**
     * Makes one.
     *
     * @param folder where its files are put; a new folder for each
     */
    public static PrivateCa in(Path folder) {
        Programs.create(folder);
        PrivateCa ca = new PrivateCa(folder.toAbsolutePath());
        ca.openssl("req -x509 " + NEW_KEY + " -days 2 -keyout ca.key -out ca.pem -subj", "/CN=A private CA");
        return ca;
    }

    /** Whoever trusts this trusts all that it issues. */
    public Path certificate() {
        return folder.resolve("ca.pem");
    }

    /** Issues a certificate for a host name, and for no other. */
    public Pair issue(String host) {
        openssl("req " + NEW_KEY + " -keyout " + host + ".key -out " + host + ".csr -subj", "/CN=" + host);
        Programs.write(folder.resolve("names"), "subjectAltName=DNS:" + host + "\n");
        openssl(
                "x509 -req -in " + host + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out",
                host + ".pem");
        return new Pair(folder.resolve(host + ".pem"), folder.resolve(host + ".key"));
    }

    /** @param last may have spaces */
    private void openssl(String arguments, String last) {
        List<String> command = Stream.of(Stream.of("openssl"), Stream.of(arguments.split(" ", -1)), Stream.of(last))
                .flatMap(words -> words)
                .toList();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + command, e);
        }
    }
}
