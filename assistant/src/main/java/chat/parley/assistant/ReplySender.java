package chat.parley.assistant;

import java.util.concurrent.CompletableFuture;

/** Brings a message to a partition of the reply queues. */
@FunctionalInterface
interface ReplySender {
    /**
     * Sends a message.
     *
     * @return true when the broker has it for good; false when it may not have it, and it is to be sent again.
     *     Completes with no exception, and late or never where the broker's word was lost with its connection
     */
    CompletableFuture<Boolean> send(int partition, byte[] message);
}
