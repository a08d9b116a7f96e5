package chat.parley.bench;

/** Something that answers a question with a stream. */
interface Asker {
    /** Asks, and returns once the question is on its way; the answer comes by itself. One question at a time. */
    StreamTimes ask(String question) throws InterruptedException;
}
