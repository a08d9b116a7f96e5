package chat.parley.standalone;

import chat.parley.stub.OpenAiStub;
import chat.parley.stub.StubSettings;
import java.io.IOException;
import java.util.Map;

/** Answers where there is no key: the scripted model in demo mode, on a free port of the loopback address. */
final class DemoModel implements Backend {
    private final OpenAiStub stub;

    private DemoModel(OpenAiStub stub) {
        this.stub = stub;
    }

    /** @throws StartupException if it does not start */
    static DemoModel start() {
        try {
            return new DemoModel(OpenAiStub.start(StubSettings.demo(0)));
        } catch (IOException e) {
            throw new StartupException("The demo model does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, String> properties() {
        return Map.of("parley.assistant.provider.demo-base-url", stub.baseUrl().toString());
    }

    @Override
    public void close() {
        stub.close();
    }
}
