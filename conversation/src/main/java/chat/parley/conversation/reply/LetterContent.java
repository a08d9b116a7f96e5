package chat.parley.conversation.reply;

import chat.parley.conversation.history.Offer.Entry;
import chat.parley.events.EventJson;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyBatch;
import chat.parley.events.ReplyEvent;
import chat.parley.events.RequestEvent.ReplyRequested;
import java.util.List;

/** What the body of a dead letter is, as far as this version can read it. */
sealed interface LetterContent {
    record Request(ReplyRequested request) implements LetterContent {}

    /** Events, at least one. */
    record Events(List<ReplyEvent> events) implements LetterContent {
        public Events {
            events = List.copyOf(events);
        }

        List<Integer> partitions() {
            return events.stream()
                    .map(event -> event.reply().shard())
                    .distinct()
                    .toList();
        }
    }

    /** Nothing that is known, or a list with something unknown in it. */
    record Unreadable() implements LetterContent {}

    static LetterContent read(EventJson json, byte[] body) {
        try {
            return switch (json.readRequest(body)) {
                case ReplyRequested request -> new Request(request);
            };
        } catch (MalformedEventException e) {
            return readEvents(json, body);
        }
    }

    private static LetterContent readEvents(EventJson json, byte[] body) {
        try {
            ReplyBatch batch = json.readReplies(body);
            return batch.events().isEmpty() || !batch.malformed().isEmpty()
                    ? new Unreadable()
                    : new Events(batch.events());
        } catch (MalformedEventException e) {
            return new Unreadable();
        }
    }

    /** The attempts that it is about, each once. */
    default List<Entry> subjects() {
        return switch (this) {
            case Request(ReplyRequested request) -> List.of(new Entry(request.reply(), request.attempt()));
            case Events(List<ReplyEvent> events) ->
                events.stream()
                        .map(event -> new Entry(event.reply(), event.attempt()))
                        .distinct()
                        .toList();
            case Unreadable() -> List.of();
        };
    }
}
