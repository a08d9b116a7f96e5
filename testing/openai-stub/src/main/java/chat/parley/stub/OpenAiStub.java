package chat.parley.stub;

import chat.parley.stub.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The running server. Thread-safe. */
public final class OpenAiStub implements AutoCloseable {
    private final StubSettings settings;
    private final Ledger ledger = new Ledger();
    private final Script script;
    private final HttpServer server;

    private OpenAiStub(StubSettings settings) throws IOException {
        this.settings = settings;
        Mode mode = settings.mode();
        JsonMapper json = JsonMapper.builder().build();
        this.script = new Script(settings.behavior().over(mode.pace()), mode == Mode.TEST);
        ChatCompletions completions = new ChatCompletions(json, mode, script, ledger, this::refuseFor);
        StubControl control = new StubControl(json, mode, script, ledger, this::stats);
        StubHandler handler = new StubHandler(json, settings, completions, control, ledger);
        this.server = HttpServer.start(settings.host(), settings.port(), handler);
    }

    /**
     * Starts in test mode on the loopback address.
     *
     * @param port 0 for any free one
     * @throws IOException if the port is taken
     */
    public static OpenAiStub start(int port) throws IOException {
        return start(StubSettings.test(port));
    }

    /**
     * Starts as the settings say.
     *
     * @throws IOException if the host is unknown or the port is taken
     */
    public static OpenAiStub start(StubSettings settings) throws IOException {
        return new OpenAiStub(settings);
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** What to set as a client's base URL; it ends in {@code /v1}. */
    public URI baseUrl() {
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + "/v1");
    }

    /**
     * Changes how calls that start from now on are answered; what is not named stays.
     *
     * @param knobs such as {@code "fail=429 retry-after=7 times=2"}, or {@code "fail=none"}
     * @throws IllegalArgumentException with a sentence that names what is not a knob
     */
    public void behave(String knobs) {
        script.behave(Behavior.of(knobs));
    }

    /** Refuses connections for a time; answers under way go on. Returns when the port is closed. */
    public void refuseFor(Duration time) {
        server.refuseFor(time);
    }

    /** The counters. */
    public StubStats stats() {
        return ledger.stats(server.connections());
    }

    /** The newest calls, titles among them, oldest first. */
    public List<CallRecord> calls(int atMost) {
        return ledger.calls(atMost);
    }

    /** Forgets all calls but those under way, and goes back to the behavior of the start. */
    public void reset() {
        script.reset();
        ledger.reset();
    }

    /** Closes the port and every connection. */
    @Override
    public void close() {
        server.close();
    }
}
