package chat.parley.standalone;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.apache.qpid.server.util.urlstreamhandler.data.Handler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Qpid broker in this process, for AMQP 0-9-1 on a free port of the loopback address, with a user of its own. Its
 * messages live in memory: the store holds all truth, so a broker that comes back empty loses nothing.
 */
final class EmbeddedBroker implements Backend {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final String HOST = "127.0.0.1";
    private static final String USER = "parley";

    private final SystemLauncher launcher;
    private final int port;
    private final String password;

    private EmbeddedBroker(SystemLauncher launcher, int port, String password) {
        this.launcher = launcher;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts a broker that accepts connections when this returns.
     *
     * @param directory where it may write; nothing of value is there
     * @throws StartupException if it does not start
     */
    static EmbeddedBroker start(Path directory) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Listener listener = new Listener();
        SystemLauncher launcher = new SystemLauncher(listener);
        try {
            launcher.startup(Map.of(
                    SystemConfig.TYPE,
                    "Memory",
                    SystemConfig.INITIAL_CONFIGURATION_LOCATION,
                    dataUrl(configuration(password)),
                    SystemConfig.STARTUP_LOGGED_TO_SYSTEM_OUT,
                    false,
                    SystemConfig.CONTEXT,
                    Map.of(SystemConfig.QPID_WORK_DIR, directory.toString())));
            Broker<?> broker = listener.started();
            removeShutdownHook(broker);
            return new EmbeddedBroker(launcher, boundPort(broker), password);
        } catch (Exception e) {
            launcher.shutdown();
            throw new StartupException("The embedded message broker does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "spring.rabbitmq.host", HOST,
                "spring.rabbitmq.port", Integer.toString(port),
                "spring.rabbitmq.username", USER,
                "spring.rabbitmq.password", password,
                "spring.rabbitmq.virtual-host", "/");
    }

    @Override
    public void close() {
        launcher.shutdown();
    }

    /**
     * An unknown queue argument is refused and not dropped, so that nothing is lost by a silent misunderstanding. The
     * threads are for the few connections of two services; by default there would be 80.
     */
    private static String configuration(String password) {
        return """
                {"name": "standalone", "modelVersion": "9.1",
                 "context": {"queue.behaviourOnUnknownDeclareArgument": "FAIL",
                   "virtualhost.connectionThreadPool.size": "8",
                   "virtualhost.connectionThreadPool.numberOfSelectors": "1",
                   "qpid.port.amqp.threadPool.size": "2",
                   "qpid.port.amqp.threadPool.numberOfSelectors": "1"},
                 "authenticationproviders": [{"name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
                   "users": [{"name": "%s", "type": "managed", "password": "%s"}]}],
                 "ports": [{"name": "AMQP", "port": "0", "bindingAddress": "%s",
                   "protocols": ["AMQP_0_9_1"], "transports": ["TCP"], "authenticationProvider": "plain",
                   "virtualhostaliases": [{"name": "defaultAlias", "type": "defaultAlias"}]}],
                 "virtualhostnodes": [{"name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
                   "virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"}]}
                """.formatted(USER, password, HOST);
    }

    /** So that the password is in no file. */
    private static String dataUrl(String json) {
        Handler.register();
        return "data:application/json;base64,"
                + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Keeps what the launcher itself forgets: the broker, and the error that kept it from starting. */
    private static final class Listener extends DefaultSystemLauncherListener {
        private volatile @Nullable Broker<?> broker;
        private volatile @Nullable Exception error;

        @Override
        public void onContainerResolve(SystemConfig<?> systemConfig) {
            if (systemConfig.getContainer() instanceof Broker<?> resolved) {
                broker = resolved;
            }
        }

        @Override
        public void errorOnStartup(RuntimeException e) {
            error = e;
        }

        Broker<?> started() throws Exception {
            Exception failure = error;
            if (failure != null) {
                throw failure;
            }
            Broker<?> started = broker;
            if (started == null) {
                throw new IllegalStateException("it has no container");
            }
            return started;
        }
    }

    private static int boundPort(Broker<?> broker) {
        return broker.getPorts().stream()
                .mapToInt(Port::getBoundPort)
                .filter(bound -> bound > 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("it listens on no port"));
    }

    /**
     * The broker's own shutdown hook would run beside ours and take the broker away from under the services. It is
     * registered without being asked for, and its thread is kept in a private field.
     */
    private static void removeShutdownHook(Broker<?> broker) {
        try {
            Class<?> type = broker.getClass();
            while (!type.getSimpleName().equals("BrokerImpl")) {
                type = type.getSuperclass();
            }
            Field hook = type.getDeclaredField("_shutdownHook");
            hook.setAccessible(true);
            Runtime.getRuntime().removeShutdownHook((Thread) hook.get(broker));
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.warn("The broker may stop before the services when Parley is stopped", e);
        }
    }
}
