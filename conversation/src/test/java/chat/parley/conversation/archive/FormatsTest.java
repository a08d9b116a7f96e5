package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.ImportedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of the forms that files have. */
class FormatsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOW = Instant.parse("2026-11-30T00:00:00Z");

    private final List<String> notes = new ArrayList<>();

    private void note(Remark what, String detail) {
        notes.add(what.text() + (detail.isEmpty() ? "" : ": " + detail));
    }

    private Draft draft(Format format, String json) {
        JsonNode conversation = JSON.readTree(json);
        assertThat(format.fits(conversation)).isTrue();
        return format.read(conversation, this::note);
    }

    /** Each message on a line: id, parent, role, status, model, text. */
    private List<String> lines(Draft draft) {
        return MessageTree.of(draft, NOW, this::note).stream()
                .map(FormatsTest::line)
                .toList();
    }

    private static String line(ImportedMessage message) {
        return String.join(
                " ",
                message.id().value(),
                message.parentId() == null ? "-" : message.parentId().value(),
                message.role().toString().toLowerCase(Locale.ROOT),
                message.status().json(),
                message.model() == null ? "-" : message.model(),
                message.text().replace("\n", "|"));
    }

    private static final String CHATGPT = """
            {"title":"Whales","create_time":1697000000.123456,"update_time":1697000900.5,"is_archived":true,
             "conversation_id":"6526d0c0-0000-4000-8000-000000000001","id":"ignored","default_model_slug":"gpt-4o",
             "current_node":"a1","moderation_results":[],
             "mapping":{
              "client-created-root":{"id":"client-created-root","message":null,"parent":null,"children":["sys"]},
              "sys":{"id":"sys","parent":"client-created-root","children":["ctx"],"message":{"author":{"role":"system"},
               "content":{"content_type":"text","parts":[""]},"metadata":{"is_visually_hidden_from_conversation":true}}},
              "ctx":{"id":"ctx","parent":"sys","children":["q1"],"message":{"author":{"role":"user"},
               "content":{"content_type":"user_editable_context","user_profile":"I"},"metadata":{}}},
              "a2":{"id":"a2","parent":"q1","children":[],"message":{"author":{"role":"assistant"},"create_time":1697000800.0,
               "status":"in_progress","recipient":"all","content":{"content_type":"text","parts":["Half an an"]},
               "metadata":{"model_slug":"gpt-4"}}},
              "q1":{"id":"q1","parent":"ctx","children":["call","a2"],"message":{"author":{"role":"user","name":null},
               "create_time":1697000000.5,"status":"finished_successfully","weight":1.0,"recipient":"all",
               "content":{"content_type":"multimodal_text","parts":[{"content_type":"image_asset_pointer",
               "asset_pointer":"file-service://x"},"What","is this?"]},"metadata":{"attachments":true}}},
              "call":{"id":"call","parent":"q1","children":["result"],"message":{"author":{"role":"assistant"},
               "recipient":"python","content":{"content_type":"code","language":"python","text":"1+1"},"metadata":{}}},
              "result":{"id":"result","parent":"call","children":["think"],"message":{"author":{"role":"tool","name":"python"},
               "content":{"content_type":"execution_output","text":"2"},"metadata":{}}},
              "think":{"id":"think","parent":"result","children":["a1"],"message":{"author":{"role":"assistant"},
               "recipient":"all","content":{"content_type":"thoughts","thoughts":[]},"metadata":{}}},
              "a1":{"id":"a1","parent":"think","children":["q2"],"message":{"author":{"role":"assistant"},
               "create_time":1697000100.25,"status":"finished_successfully","recipient":"all",
               "content":{"content_type":"text","parts":["A *whale*."]},"metadata":{"model_slug":"gpt-4o"}}},
              "q2":{"id":"q2","parent":"a1","children":[],"message":{"author":{"role":"user"},"create_time":null,
               "content":{"content_type":"multimodal_text","parts":[{"content_type":"audio_transcription","text":"Say it"},
               {"content_type":"real_time_user_audio_video_asset_pointer"}]},"metadata":{}}}}}
            """;

    @Test
    void readsChatGpt() {
        Draft draft = draft(new ChatGptFormat(), CHATGPT);

        assertThat(lines(draft))
                .containsExactly(
                        "q1 - user complete - What|is this?",
                        "a2 q1 assistant cancelled gpt-4 Half an an",
                        "a1 q1 assistant complete gpt-4o A *whale*.",
                        "q2 a1 user complete - Say it");
        assertThat(draft.title()).isEqualTo("Whales");
        assertThat(draft.id()).isEqualTo("6526d0c0-0000-4000-8000-000000000001");
        assertThat(draft.createdAt()).isEqualTo("2023-10-11T04:53:20.123Z");
        assertThat(draft.updatedAt()).isEqualTo("2023-10-11T05:08:20.500Z");
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "instructions for all conversations",
                        "an image",
                        "attached files",
                        "a call of a tool",
                        "a result of a tool",
                        "thoughts before an answer",
                        "a part that is no text",
                        "it was archived, and is listed as any other");
        // What has no time of its own was said when that was which it follows.
        assertThat(MessageTree.of(draft, NOW, this::note).getLast().createdAt()).isEqualTo("2023-10-11T04:55:00.250Z");
    }

    @Test
    void readsOpenWebUi() {
        Draft draft = draft(new OpenWebUiFormat(), """
                {"id":"8d0f","user_id":"u","title":"Tea","updated_at":1735689700,"created_at":1735689600,"pinned":true,
                 "archived":false,"chat":{"id":"","title":"Tea (old)","models":["llama3:8b"],"params":{"system":"Be brief."},
                 "timestamp":1735689600123,"history":{"currentId":"b","messages":{
                  "q":{"id":"q","parentId":null,"childrenIds":["a","b"],"role":"user","content":"Tea?","files":true,
                   "timestamp":1735689601,"models":["llama3:8b","qwen"]},
                  "a":{"id":"a","parentId":"q","childrenIds":[],"role":"assistant","content":"Green.","model":"llama3:8b",
                   "done":true,"timestamp":1735689602,"usage":{"prompt_tokens":3,"completion_tokens":4,"total":7}},
                  "b":{"id":"b","parentId":"q","childrenIds":[],"role":"assistant","content":"Bl","model":"qwen",
                   "done":false,"timestamp":1735689602},
                  "c":{"id":"c","parentId":"q","childrenIds":[],"role":"assistant","content":"","model":"x",
                   "error":{"content":"no such model"},"timestamp":1735689603}}},
                 "messages":[{"id":"q"}],"tags":[]}}
                """);

        List<ImportedMessage> messages = MessageTree.of(draft, NOW, this::note);
        assertThat(messages.stream().map(FormatsTest::line))
                .containsExactly(
                        "q - user complete - Tea?",
                        "a q assistant complete llama3:8b Green.",
                        "c q assistant failed x ",
                        "b q assistant cancelled qwen Bl");
        assertThat(messages.get(1).usage()).hasToString("Usage[promptTokens=3, completionTokens=4]");
        assertThat(messages.get(2).error())
                .hasToString("Failure[code=provider_rejected, message=no such model, retryable=false, cause=null]");
        assertThat(draft.title()).isEqualTo("Tea");
        assertThat(draft.pinned()).isTrue();
        assertThat(draft.model()).isEqualTo("llama3:8b");
        assertThat(draft.systemPrompt()).isEqualTo("Be brief.");
        assertThat(draft.createdAt()).isEqualTo("2025-01-01T00:00:00Z");
        assertThat(notes).containsExactly("attached files");
    }

    @Test
    void readsAnOldListOfOpenWebUi() {
        Draft draft = draft(new OpenWebUiFormat(), """
                {"id":"old","chat":{"title":"Old","timestamp":1700000000000,"messages":[
                 {"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},
                 {"role":"assistant","content":[{"type":"text","text":"Hello"},{"type":"image_url"}]}]}}
                """);

        assertThat(lines(draft))
                .containsExactly("message-1 - user complete - Hi", "message-2 message-1 assistant complete - Hello");
        assertThat(draft.systemPrompt()).isEqualTo("Be kind.");
        assertThat(draft.createdAt()).isEqualTo("2023-11-14T22:13:20Z");
        assertThat(notes).containsExactly("an image");
    }

    @Test
    void readsOurOwn() {
        Draft draft = draft(new ParleyFormat(), """
                {"conversation":{"id":"c","title":"T","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-02T00:00:00Z",
                 "pinned":true,"activeReplyId":"open","model":"m","systemPrompt":"S"},"messages":[
                 {"id":"q","parentId":null,"role":"user","text":"Q","status":"complete","createdAt":"2026-01-01T00:00:00Z",
                  "replyId":"a"},
                 {"id":"q2","parentId":"open","role":"user","text":"Q2","status":"complete","createdAt":"2026-01-01T00:00:01Z",
                  "replyId":"lost"},
                 {"id":"a","parentId":"q","role":"assistant","text":"A","status":"failed","createdAt":"2026-01-01T00:00:02Z",
                  "replyId":"a","model":"m","error":{"code":"timeout","message":"Late","retryable":true,"cause":"hung"}},
                 {"id":"odd","parentId":"q","role":"robot","text":"Beep"}],
                 "replies":[{"replyId":"open","messageId":"open","parentId":"q","text":"so f"}]}
                """);

        List<ImportedMessage> messages = MessageTree.of(draft, NOW, this::note);
        assertThat(messages.stream().map(FormatsTest::line))
                .containsExactly("q - user complete - Q", "q2 q user complete - Q2", "a q assistant failed m A");
        assertThat(messages.getFirst().replyId()).hasToString("a");
        assertThat(messages.get(1).replyId()).isNull();
        assertThat(messages.getLast().error())
                .hasToString("Failure[code=timeout, message=Late, retryable=true, cause=hung]");
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "a reply that was still being written",
                        "a message that is neither a person's nor an assistant's");
    }

    @Test
    void tellsOfWhatHangsOnNothingOrOnItself() {
        Draft draft = draft(new ChatGptFormat(), """
                {"mapping":{"x":{"parent":"y","message":%1$s},"y":{"parent":"x","message":%1$s},"z":{"parent":"z","message":%1$s},
                 "lost":{"parent":"never was","message":%1$s},"not an id!":{"parent":"lost","message":%1$s},"":{"message":%1$s},
                 "odd":7}}
                """.formatted(
                        "{\"author\":{\"role\":\"user\"},\"content\":{\"parts\":[\"Hi\"]}}"));

        assertThat(lines(draft))
                .hasSize(2)
                .startsWith("lost - user complete - Hi")
                .last()
                .asString()
                .matches("[A-Za-z0-9_-]{43} lost user complete - Hi");
        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "a message without an id of its own",
                        "a message that follows one which is not there: it begins anew",
                        "a message that follows itself",
                        "a message that follows itself",
                        "a message that follows itself");
    }

    /** A file may call one message what another one's name becomes here. */
    @Test
    void givesNoTwoMessagesTheSameId() {
        String taken = DerivedIds.of("message", "a b").value();
        Draft draft = draft(new ParleyFormat(), """
                {"conversation":{},"messages":[{"id":"a b","role":"assistant"},
                 {"id":"%1$s","parentId":"a b","role":"user","text":""},
                 {"id":"next","parentId":"%1$s","role":"user","text":"Next"}]}
                """.formatted(taken));

        assertThat(lines(draft))
                .containsExactly(taken + " - assistant complete - ", "next " + taken + " user complete - Next");
        assertThat(notes).containsExactly("a message without an id of its own");
    }

    @Test
    void letsNoMessageLieAhead() {
        Draft draft = draft(new ParleyFormat(), """
                {"conversation":{"createdAt":"2150-01-01T00:00:00Z"},"messages":[
                 {"id":"a","role":"user","text":"A","createdAt":"2150-01-01T00:00:00Z"},{"id":"b","role":"user","text":"B"}]}
                """);

        assertThat(MessageTree.of(draft, NOW, this::note))
                .extracting(ImportedMessage::createdAt)
                .containsExactly(NOW, NOW);
        assertThat(notes).containsExactly("a message whose time lies ahead: it counts as of now");
    }

    /** The page shows the newest version; the one that was shown there may be an older one. */
    @Test
    void makesWhatWasShownTheNewestOfItsVersions() {
        String message = "{\"author\":{\"role\":\"%s\"},\"create_time\":%d,\"content\":{\"parts\":[\"x\"]}}";
        Draft draft = draft(new ChatGptFormat(), """
                {"current_node":"below","mapping":{"q":{"message":%1$s},"step":{"parent":"q"},"shown":{"parent":"step","message":%2$s},
                 "later":{"parent":"q","message":%3$s},"below":{"parent":"shown","message":%1$s}}}
                """.formatted(
                        message.formatted("user", 1_000),
                        message.formatted("assistant", 2_000),
                        message.formatted("assistant", 3_000)));

        assertThat(MessageTree.of(draft, NOW, this::note))
                .extracting(one -> one.id() + " " + one.createdAt().getEpochSecond())
                .containsExactly("q 1000", "later 3000", "shown 3000", "below 1000");
    }

    /** Parents of parents are followed without going deeper into the stack. */
    @Test
    void readsAChainOfAnyLength() {
        StringBuilder json = new StringBuilder("{\"mapping\":{");
        for (int i = 0; i < 20_000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("\"n")
                    .append(i)
                    .append("\":{\"parent\":\"n")
                    .append(i - 1)
                    .append("\"}");
        }
        Draft draft = draft(new ChatGptFormat(), json + "}}");

        assertThat(lines(draft)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1697000000, 2023-10-11T04:53:20Z",
        "1697000000123, 2023-10-11T04:53:20.123Z",
        "'\"2023-10-11T04:53:20Z\"', 2023-10-11T04:53:20Z",
        "-5,",
        "1e300,",
        "'\"+999999999-01-01T00:00:00Z\"',",
        "'\"yesterday\"',",
        "null,",
        "[],"
    })
    void knowsSecondsMillisecondsAndText(String json, String time) {
        assertThat(Format.time(JSON.readTree(json))).isEqualTo(time == null ? null : Instant.parse(time));
    }
}
