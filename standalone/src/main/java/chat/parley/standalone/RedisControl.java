package chat.parley.standalone;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a Redis server on this machine how it is. Its password is random, so that an answer also proves that the server
 * is ours, whatever process now has an old process id.
 */
record RedisControl(int port, String password) {
    static final String HOST = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Pattern PROCESS_ID = Pattern.compile("process_id:(\\d+)");

    /** A server that answers; while it is loading it serves no one. */
    record Status(long processId, boolean loading) {}

    /** Empty if no one answers at the port, or someone who isn't ours. */
    Optional<Status> status() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(HOST), port), (int) TIMEOUT.toMillis());
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write(("AUTH " + password + "\r\nINFO\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!line(in).equals("+OK")) {
                return Optional.empty();
            }
            String header = line(in);
            if (!header.startsWith("$")) {
                return Optional.empty();
            }
            return parse(new String(
                    in.readNBytes(Integer.parseInt(header, 1, header.length(), 10)), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<Status> parse(String info) {
        Matcher processId = PROCESS_ID.matcher(info);
        return processId.find()
                ? Optional.of(new Status(Long.parseLong(processId.group(1)), info.contains("\nloading:1")))
                : Optional.empty();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
