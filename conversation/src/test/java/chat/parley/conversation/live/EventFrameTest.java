package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.LogEntry;
import chat.parley.events.Id;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventFrameTest {
    private static final ConversationName NAME = new ConversationName(new Id("u"), new Id("c"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void writesAnEntryAsTheProtocolSays() {
        assertThat(frame(3, "{\"type\":\"reply.queued\",\"replyId\":\"r\"}").text())
                .isEqualTo("{\"type\":\"event\",\"conversationId\":\"c\",\"seq\":3,\"cursor\":\"3.ab\","
                        + "\"at\":\"2026-01-01T00:00:03Z\",\"event\":{\"type\":\"reply.queued\",\"replyId\":\"r\"}}");
    }

    @Test
    void mergesAdjacentDeltasOfOneAttempt() {
        List<EventFrame> frames = List.of(
                frame(2, "{\"type\":\"reply.started\",\"replyId\":\"r\",\"attempt\":1,\"model\":\"m\"}"),
                delta(3, 1, 0, "Say \\\"hi\\\"\\n"),
                delta(4, 1, 9, "\\\\ and "),
                delta(5, 1, 15, "\ud83d\udc4d"),
                frame(6, "{\"type\":\"reply.completed\",\"replyId\":\"r\",\"message\":{}}"));

        EventFrame merged = EventFrame.merged(NAME, frames, 1, 1000);

        JsonNode json = JSON.readTree(merged.text());
        assertThat(merged.cursor()).isEqualTo(new Cursor(5, "ab"));
        assertThat(json.path("from").asLong()).isEqualTo(3);
        assertThat(json.path("seq").asLong()).isEqualTo(5);
        assertThat(json.path("cursor").asString()).isEqualTo("5.ab");
        assertThat(json.path("at").asString()).isEqualTo("2026-01-01T00:00:05Z");
        assertThat(json.path("event").path("offset").asInt()).isZero();
        assertThat(json.path("event").path("attempt").asInt()).isEqualTo(1);
        assertThat(json.path("event").path("text").asString()).isEqualTo("Say \"hi\"\n\\ and \ud83d\udc4d");
    }

    @Test
    void passesOnAFrameThatHasNoneToMergeWith() {
        EventFrame started = frame(2, "{\"type\":\"reply.started\",\"replyId\":\"r\",\"attempt\":1,\"model\":\"m\"}");
        EventFrame first = delta(3, 1, 0, "a");
        EventFrame again = delta(4, 2, 0, "b");

        assertThat(EventFrame.merged(NAME, List.of(started, first), 0, 1000)).isSameAs(started);
        assertThat(EventFrame.merged(NAME, List.of(first), 0, 1000)).isSameAs(first);
        assertThat(EventFrame.merged(NAME, List.of(first, again), 0, 1000)).isSameAs(first);
    }

    @Test
    void doesNotMergeRepliesWhoseIdsBeginAlike() {
        EventFrame first =
                frame(3, "{\"type\":\"reply.delta\",\"replyId\":\"r\",\"attempt\":1,\"offset\":0,\"text\":\"a\"}");
        EventFrame other =
                frame(4, "{\"type\":\"reply.delta\",\"replyId\":\"rr\",\"attempt\":1,\"offset\":0,\"text\":\"b\"}");
        EventFrame later =
                frame(4, "{\"type\":\"reply.delta\",\"replyId\":\"r\",\"attempt\":11,\"offset\":0,\"text\":\"b\"}");

        assertThat(EventFrame.merged(NAME, List.of(first, other), 0, 1000)).isSameAs(first);
        assertThat(EventFrame.merged(NAME, List.of(first, later), 0, 1000)).isSameAs(first);
    }

    @Test
    void mergesNoFurtherThanTheLongestText() {
        List<EventFrame> frames = List.of(delta(1, 1, 0, "aaaa"), delta(2, 1, 4, "bbbb"), delta(3, 1, 8, "cccc"));

        assertThat(EventFrame.merged(NAME, frames, 0, 8).seq()).isEqualTo(2);
        assertThat(EventFrame.merged(NAME, frames, 0, 7).seq()).isEqualTo(1);
    }

    private static EventFrame delta(long seq, int attempt, int offset, String escaped) {
        return frame(
                seq,
                "{\"type\":\"reply.delta\",\"replyId\":\"r\",\"attempt\":" + attempt + ",\"offset\":" + offset
                        + ",\"text\":\"" + escaped + "\"}");
    }

    private static EventFrame frame(long seq, String event) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(seq);
        return EventFrame.of(NAME, new LogEntry(new Cursor(seq, "ab"), at, event));
    }
}
