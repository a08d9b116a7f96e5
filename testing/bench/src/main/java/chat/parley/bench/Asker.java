package chat.parley.bench;

import java.time.Duration;

/** Something that answers a question with a stream. */
interface Asker {
    /** Asks, and returns once the question is on its way; the answer comes by itself. One question at a time. */
    StreamTimes ask(String question) throws InterruptedException;

    /** Asks, waits for the whole answer, and says how long its first piece took. */
    default Duration firstToken() throws InterruptedException {
        StreamTimes reply = ask("Question at " + System.nanoTime());
        Duration first = reply.first();
        reply.whole();
        return first;
    }
}
