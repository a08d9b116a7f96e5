package chat.parley.events;

import java.util.List;

/**
 * One message of the reply queues, read event by event.
 *
 * @param events in the order in which they were said
 * @param malformed the elements that are no events, as they came; they go to the dead letters alone, each as a list of
 *     one, so that a later version may read it from the same queue
 */
public record ReplyBatch(List<ReplyEvent> events, List<byte[]> malformed) {
    public ReplyBatch {
        events = List.copyOf(events);
        malformed = List.copyOf(malformed);
    }
}
