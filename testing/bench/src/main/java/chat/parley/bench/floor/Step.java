package chat.parley.bench.floor;

import java.io.IOException;
import java.time.Duration;

/** Something that is done again and again, to see how long it takes. */
@FunctionalInterface
public interface Step {
    /** Does it once, and says how long it took; called by one thread at a time. */
    Duration once() throws IOException, InterruptedException;
}
