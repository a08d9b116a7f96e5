package chat.parley.testing.hostile;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often a message has made an object of it, in whichever way that is usually done. */
public final class Trap implements Serializable {
    private static final long serialVersionUID = 1;
    private static final AtomicInteger SPRUNG = new AtomicInteger();

    public static void reset() {
        SPRUNG.set(0);
    }

    /** How often that has happened in this JVM since it was reset. */
    public static int sprung() {
        return SPRUNG.get();
    }

    public void setCommand(String command) {
        SPRUNG.incrementAndGet();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        SPRUNG.incrementAndGet();
    }
}
