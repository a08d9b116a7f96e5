package chat.parley.conversation;

import chat.parley.testing.servers.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Hears every command that a Redis runs, by whomever, those inside of scripts too. */
public final class RedisMonitor implements AutoCloseable {
    private static final int PATIENCE_MS = 15_000;

    private final Socket listening;
    private final Socket asking;
    private final BufferedReader lines;

    public RedisMonitor(RedisServer redis) throws IOException {
        listening = connect(redis);
        asking = connect(redis);
        lines = new BufferedReader(new InputStreamReader(listening.getInputStream(), StandardCharsets.UTF_8));
        say(listening, "MONITOR");
        String answer = lines.readLine();
        if (!"+OK".equals(answer)) {
            throw new IOException("Redis said " + answer);
        }
    }

    /** Something that is done while this listens. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /**
     * What Redis ran from before the action until after it, oldest first: each as {@code "COMMAND" "key" …}. One that a
     * script runs has {@code lua} before it, and follows its script.
     */
    public List<String> during(Action action) throws Exception {
        commandsUpToHere();
        action.run();
        return commandsUpToHere();
    }

    /** Redis runs one command after the other, so what came before a mark is heard before it. */
    private List<String> commandsUpToHere() throws IOException {
        String mark = UUID.randomUUID().toString();
        say(asking, "ECHO " + mark);
        List<String> commands = new ArrayList<>();
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("Redis hung up");
            }
            if (line.contains(mark)) {
                return commands;
            }
            commands.add((line.contains(" lua] ") ? "lua " : "") + line.substring(line.indexOf('"')));
        }
    }

    private static Socket connect(RedisServer redis) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(redis.host(), redis.port()));
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void say(Socket socket, String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        listening.close();
        asking.close();
    }
}
