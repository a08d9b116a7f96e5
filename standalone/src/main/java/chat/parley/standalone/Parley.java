package chat.parley.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.boot.WebApplicationType;

/**
 * All parts of one Parley in this process. What others rely on starts first and stops last, at whatever moment the end
 * comes: services, then broker, then store.
 */
final class Parley implements AutoCloseable {
    private final StandaloneProperties properties;
    private final Stop stop;
    private final Class<?> conversation;
    private final Class<?> assistant;
    /** In the order in which they stop. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private volatile boolean closing;

    /**
     * @param conversation the main class of that service
     * @param assistant the main class of that service
     */
    Parley(StandaloneProperties properties, Class<?> conversation, Class<?> assistant) {
        this.properties = properties;
        this.stop = new Stop(properties.dataDir().resolve("threads.txt"));
        this.conversation = conversation;
        this.assistant = assistant;
    }

    /**
     * Starts everything, and returns when the page can be opened.
     *
     * @throws StartupException with a sentence for the person who started it
     */
    synchronized void start() {
        checkPort();
        DataDirectory data = DataDirectory.open(properties.dataDir());
        parts.push(data);
        Map<String, String> addresses = new HashMap<>();
        for (Backend backend : startBackends(data)) {
            addresses.putAll(backend.properties());
        }
        startServices(addresses);
    }

    /** Where a person on this machine finds the page. */
    String url() {
        boolean everywhere = List.of("0.0.0.0", "::", "127.0.0.1").contains(properties.address());
        String host = everywhere ? "localhost" : properties.address();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + properties.port();
    }

    /** Stops whatever was started, also in the middle of a start. */
    @Override
    public void close() {
        closing = true;
        synchronized (this) {
            while (!parts.isEmpty()) {
                stop.within(properties.stopTimeout(), parts.pop());
            }
        }
    }

    private List<Backend> startBackends(DataDirectory data) {
        List<Callable<Backend>> starts = new ArrayList<>();
        starts.add(() -> EmbeddedStore.start(data.folder("redis"), properties.redisServer()));
        starts.add(() -> EmbeddedBroker.start(data.path().resolve("broker")));
        if (properties.demo()) {
            starts.add(DemoModel::start);
        }
        return startTogether(starts);
    }

    private void startServices(Map<String, String> addresses) {
        ServiceSettings settings = new ServiceSettings(properties, addresses);
        Service page = new Service(
                conversation, WebApplicationType.SERVLET, List.of(QpidConfiguration.class, PageConfiguration.class));
        Service worker = new Service(assistant, WebApplicationType.NONE, List.of(QpidConfiguration.class));
        startTogether(
                List.of(() -> page.start(settings.forConversation()), () -> worker.start(settings.forAssistant())));
    }

    /** Those that started are to be stopped, even if another did not. */
    private <T extends AutoCloseable> List<T> startTogether(List<Callable<T>> starts) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 1).factory())) {
            List<Future<T>> started = threads.invokeAll(starts);
            started.stream()
                    .filter(future -> future.state() == Future.State.SUCCESS)
                    .forEach(future -> parts.push(future.resultNow()));
            List<T> result = new ArrayList<>();
            for (Future<T> future : started) {
                result.add(future.get());
            }
            if (closing) {
                throw new StartupException("Stopped while it was starting");
            }
            return result;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartupException said) {
                throw said;
            }
            String why = UnreadableSetting.sentence(e).orElse("Parley can't start; the log above says why.");
            throw new StartupException(why, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted while it was starting", e);
        }
    }

    /** Before anything else starts, because by then it would be late to find out. */
    private void checkPort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getAllByName(properties.address())[0], properties.port()));
        } catch (UnknownHostException e) {
            throw new StartupException(
                    "SERVER_ADDRESS is " + properties.address() + ", which is not an address of this machine.", e);
        } catch (IOException e) {
            throw new StartupException(
                    "Parley can't listen on port " + properties.port() + " of " + properties.address() + " ("
                            + e.getMessage()
                            + "). Stop the program that does, or choose another port, for example SERVER_PORT="
                            + (properties.port() % 65_535 + 1) + ".",
                    e);
        }
    }
}
