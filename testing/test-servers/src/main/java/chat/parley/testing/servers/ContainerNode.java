package chat.parley.testing.servers;

import java.time.Duration;
import java.util.List;
import org.testcontainers.containers.GenericContainer;

/** A server as a container; its port on this machine stays the same when it is killed and started again. */
final class ContainerNode implements Node {
    private static final Duration START_BUDGET = Duration.ofSeconds(90);

    private final GenericContainer<?> container;
    private final int port;
    private final Probe probe;

    ContainerNode(GenericContainer<?> container, int innerPort, Probe probe) {
        this.container = container;
        this.port = FreePorts.next();
        this.probe = probe;
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + innerPort));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            container.start();
        } else if (!container.isRunning()) {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
        }
        probe.await(port, START_BUDGET, () -> {});
    }

    @Override
    public void kill() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void pause() {
        if (!isPaused()) {
            container
                    .getDockerClient()
                    .pauseContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    @Override
    public void resume() {
        if (isPaused()) {
            container
                    .getDockerClient()
                    .unpauseContainerCmd(container.getContainerId())
                    .exec();
        }
    }

    /** Docker refuses what is so already. */
    private boolean isPaused() {
        return Boolean.TRUE.equals(
                container.getCurrentContainerInfo().getState().getPaused());
    }

    @Override
    public void close() {
        container.stop();
    }
}
