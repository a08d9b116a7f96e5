package chat.parley.stub;

import java.io.IOException;
import java.net.BindException;
import java.util.Locale;

/** Runs the server until it is ended. */
final class Main {
    private Main() {}

    /**
     * Takes the arguments that {@link StubSettings#from} knows. Ends with 2 if they can't be used, 1 if it can't
     * listen.
     */
    public static void main(String[] arguments) {
        StubSettings settings;
        try {
            settings = StubSettings.from(System.getenv(), arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("openai-stub: " + e.getMessage());
            System.exit(2);
            return;
        }
        String address = settings.host() + ":" + settings.port();
        try {
            OpenAiStub stub = OpenAiStub.start(settings);
            System.out.printf(
                    "openai-stub is ready at %s (%s mode, model %s)%n",
                    stub.baseUrl(),
                    settings.mode().name().toLowerCase(Locale.ROOT),
                    settings.mode().model());
        } catch (BindException _) {
            System.err.println("openai-stub: " + address + " is taken or not an address of this machine;"
                    + " end what listens there, or choose another with STUB_PORT or STUB_HOST.");
            System.exit(1);
        } catch (IOException e) {
            System.err.println("openai-stub: can't listen on " + address + ": " + e.getMessage());
            System.exit(1);
        }
    }
}
