package chat.parley.conversation.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.conversation.Corpus;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.live.ClientFrame.Cancel;
import chat.parley.conversation.live.ClientFrame.Ping;
import chat.parley.conversation.live.ClientFrame.Regenerate;
import chat.parley.conversation.live.ClientFrame.Send;
import chat.parley.conversation.live.ClientFrame.Subscribe;
import chat.parley.conversation.live.ClientFrame.Unsubscribe;
import chat.parley.events.Id;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Any text is a frame that obeys the protocol, or is refused in a frame that can be sent. {@code script/fuzz frames}
 * looks for one that is neither.
 */
class FrameCodecFuzzTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final FrameCodec CODEC = new FrameCodec(JSON);
    private static final int MAX_DEPTH = 16;

    static List<Named<byte[]>> corpus() throws IOException {
        return Corpus.of("frames");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void takesOrRefusesWhatWasFound(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String text = new String(input, UTF_8);
        ClientFrame frame;
        try {
            frame = CODEC.decode(text);
        } catch (MalformedFrameException refused) {
            checkAnswer(refused.re().orElse(null), refused.getMessage());
            return;
        }
        checkAnswer(frame.id(), "");
        checkLimits(text, frame);
        try {
            check(frame.equals(CODEC.decode(write(frame))), "it is another one when it is read again");
        } catch (MalformedFrameException e) {
            throw new AssertionError("it was taken, and is refused when it is written again", e);
        }
    }

    /** Whoever asked knows the answer by his own id, and the socket can carry it. */
    private static void checkAnswer(@Nullable RawJson re, String message) throws CharacterCodingException {
        String code = ErrorCode.BAD_FRAME.json();
        String text = CODEC.encode(new ServerFrame.Refused(re, code, message, false, null, null));
        UTF_8.newEncoder().encode(CharBuffer.wrap(text)); // throws for half a surrogate pair
        JsonNode answer = JSON.readTree(text);
        check(answer.path("type").asString().equals("error"), "its answer is no error: " + text);
        check(
                re == null ? !answer.has("re") : JSON.readTree(re.json()).equals(answer.get("re")),
                "another re: " + text);
    }

    private static void checkLimits(String text, ClientFrame frame) {
        JsonNode id = JSON.readTree(frame.id().json());
        check(id.isIntegralNumber() || id.asString().length() <= 128, "its id is too long");
        check(depth(text) <= MAX_DEPTH, "it is too deep");
        switch (frame) {
            case Subscribe subscribe -> check(subscribe.limit() == null || subscribe.limit() >= 0, "its limit");
            case Send send -> {
                check(send.model() == null || send.model().length() <= 200, "its model is too long");
                check(UTF_8.newEncoder().canEncode(send.text()), "its text can't be stored as it is");
                check(send.model() == null || UTF_8.newEncoder().canEncode(send.model()), "its model can't be sent");
            }
            case Unsubscribe _, Regenerate _, Cancel _, Ping _ -> {}
        }
    }

    private static int depth(String json) {
        int deepest = 0;
        int depth = 0;
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                deepest = Math.max(deepest, depth);
            }
        }
        return deepest;
    }

    private static String write(ClientFrame frame) {
        ObjectNode json = JSON.createObjectNode();
        json.set("id", JSON.readTree(frame.id().json()));
        switch (frame) {
            case Subscribe subscribe ->
                json.put("type", "subscribe")
                        .put("conversationId", subscribe.conversationId().value())
                        .put("after", subscribe.after())
                        .put("limit", subscribe.limit());
            case Unsubscribe unsubscribe ->
                json.put("type", "unsubscribe")
                        .put("conversationId", unsubscribe.conversationId().value());
            case Send send ->
                json.put("type", "send")
                        .put("conversationId", send.conversationId().value())
                        .put("messageId", send.messageId().value())
                        .put("parentId", text(send.parentId()))
                        .put("text", send.text())
                        .put("model", send.model())
                        .put("replyId", text(send.replyId()));
            case Regenerate regenerate ->
                json.put("type", "regenerate")
                        .put("conversationId", regenerate.conversationId().value())
                        .put("messageId", regenerate.messageId().value())
                        .put("replyId", regenerate.replyId().value());
            case Cancel cancel ->
                json.put("type", "cancel")
                        .put("conversationId", cancel.conversationId().value())
                        .put("replyId", cancel.replyId().value());
            case Ping _ -> json.put("type", "ping");
        }
        return json.toString();
    }

    private static @Nullable String text(@Nullable Id id) {
        return id == null ? null : id.value();
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
