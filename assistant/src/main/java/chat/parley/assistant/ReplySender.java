package chat.parley.assistant;

import java.util.concurrent.CompletableFuture;

/** Brings a message to a partition of the reply queues. */
@FunctionalInterface
interface ReplySender {
    /**
     * Sends a message.
     *
     * @return true when the broker has it for good; false when it may not have it, and it is to be sent again. Never
     *     completes with an exception
     */
    CompletableFuture<Boolean> send(int partition, byte[] message);
}
