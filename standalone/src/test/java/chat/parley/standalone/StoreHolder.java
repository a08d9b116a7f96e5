package chat.parley.standalone;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process to be killed: starts a store in the folder that it is given, says so, and waits. */
final class StoreHolder {
    private StoreHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedStore store = EmbeddedStore.start(Path.of(arguments[0]), null);
        System.out.println(store.process().pid() + " " + store.properties().get("spring.data.redis.port") + " "
                + store.properties().get("spring.data.redis.password"));
        new CountDownLatch(1).await();
    }
}
