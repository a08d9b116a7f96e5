package chat.parley.e2e.stack;

import chat.parley.testing.servers.TestServer;
import java.nio.file.Path;
import java.util.List;

/** RabbitMQ or Redis. */
final class ServerPart implements Part {
    private final String name;
    private final TestServer server;
    private final Path log;
    private boolean running = true;

    ServerPart(String name, TestServer server, Path log) {
        this.name = name;
        this.server = server;
        this.log = log;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void start() {
        server.restart();
        running = true;
    }

    @Override
    public synchronized void kill() {
        server.kill();
        running = false;
    }

    @Override
    public void pause() {
        server.pause();
    }

    @Override
    public void resume() {
        server.resume();
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @Override
    public List<String> log(int lines) {
        return Logs.tail(log, lines);
    }
}
