package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a client makes of events; fails where one is missing, comes twice or does not fit. */
final class Story {
    private final Map<String, StringBuilder> texts = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Map<String, String> ended = new HashMap<>();
    private long seq;
    private String cursor = "";
    private int merged;

    /** A story that is known up to here. */
    Story(long seq) {
        this.seq = seq;
    }

    /** A reply of which this much is known. */
    void knows(String reply, String text) {
        texts.put(reply, new StringBuilder(text));
    }

    void apply(JsonNode frame) {
        long from = frame.path("from").asLong(frame.path("seq").asLong());
        assertThat(from).as("%s", frame).isEqualTo(seq + 1);
        seq = frame.path("seq").asLong();
        cursor = frame.path("cursor").asString();
        merged += from < seq ? 1 : 0;
        JsonNode event = frame.path("event");
        String reply = event.path("replyId").asString("");
        switch (event.path("type").asString()) {
            case "reply.started" -> {
                texts.put(reply, new StringBuilder());
                attempts.put(reply, event.path("attempt").asInt());
            }
            case "reply.delta" -> {
                StringBuilder text = texts.computeIfAbsent(reply, absent -> new StringBuilder());
                assertThat(event.path("attempt").asInt()).isEqualTo(attempts.getOrDefault(reply, 1));
                assertThat(event.path("offset").asInt()).as("%s", frame).isEqualTo(text.length());
                text.append(event.path("text").asString());
            }
            case "reply.completed", "reply.failed", "reply.cancelled" -> {
                assertThat(ended).doesNotContainKey(reply);
                ended.put(reply, event.path("message").path("text").asString());
            }
            default -> {}
        }
    }

    long seq() {
        return seq;
    }

    String cursor() {
        return cursor;
    }

    /** How many frames covered more than one event. */
    int merged() {
        return merged;
    }

    String textOf(String reply) {
        return texts.getOrDefault(reply, new StringBuilder()).toString();
    }

    boolean hasEnded(String reply) {
        return ended.containsKey(reply);
    }
}
