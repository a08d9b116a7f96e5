package chat.parley.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.events.ControlEvent.CancelRequested;
import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.ReplyEvent.AttemptFailed;
import chat.parley.events.ReplyEvent.ConversationTitled;
import chat.parley.events.ReplyEvent.LeaseCheck;
import chat.parley.events.ReplyEvent.ReplyCompleted;
import chat.parley.events.ReplyEvent.ReplyDelta;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyEvent.ReplyStarted;
import chat.parley.events.ReplyEvent.RequestSeenAgain;
import chat.parley.events.RequestEvent.ReplyRequested;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {
    private static final ReplyName REPLY = ReplyName.parse("ada/c-1/r_1");
    private static final Id WORKER = new Id("w1");

    private static final Map<String, Object> GOLDEN = Map.ofEntries(
            Map.entry(
                    "reply.requested",
                    new ReplyRequested(
                            REPLY,
                            2,
                            true,
                            "gpt-5",
                            "Be brief.",
                            List.of(
                                    new ChatMessage(Role.USER, "Hello"),
                                    new ChatMessage(Role.ASSISTANT, "Hello, Ada."),
                                    new ChatMessage(Role.USER, "Ça va? 🙂")),
                            true)),
            Map.entry("reply.started", new ReplyStarted(REPLY, 1, WORKER, "gpt-5")),
            Map.entry("reply.delta", new ReplyDelta(REPLY, 1, WORKER, 3, 12, " world \"🙂\"")),
            Map.entry("reply.heartbeat", new ReplyHeartbeat(REPLY, 1, WORKER)),
            Map.entry("reply.completed", new ReplyCompleted(REPLY, 1, WORKER, "Hello world", new Usage(12, 2))),
            Map.entry(
                    "attempt.failed",
                    new AttemptFailed(REPLY, 1, WORKER, FailureCode.RATE_LIMITED, Duration.ofSeconds(7))),
            Map.entry("request.seen-again", new RequestSeenAgain(REPLY, 1)),
            Map.entry("lease.check", new LeaseCheck(REPLY, 1, Instant.parse("2026-11-22T10:00:00.123Z"))),
            Map.entry("conversation.titled", new ConversationTitled(REPLY, 1, WORKER, "A greeting")),
            Map.entry("reply.cancel-requested", new CancelRequested(REPLY, 1)),
            Map.entry(
                    "worker.announced",
                    new WorkerAnnounced(WORKER, List.of("gpt-5", "gpt-5-mini"), false, 3, 64, true, false)));

    private final EventJson json = new EventJson();

    static Stream<String> goldenTypes() {
        return GOLDEN.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("goldenTypes")
    void writesWhatTheGoldenFileSays(String type) {
        assertThat(new String(write(GOLDEN.get(type)), UTF_8)).isEqualTo(golden(type));
    }

    @ParameterizedTest
    @MethodSource("goldenTypes")
    void readsTheGoldenFileBack(String type) throws MalformedEventException {
        assertThat(read(GOLDEN.get(type), golden(type))).isEqualTo(GOLDEN.get(type));
    }

    @Test
    void hasAGoldenFileForEachEvent() {
        List<String> records = Stream.of(RequestEvent.class, ReplyEvent.class, ControlEvent.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .map(Class::getSimpleName)
                .sorted()
                .toList();
        assertThat(GOLDEN.values().stream()
                        .map(event -> event.getClass().getSimpleName())
                        .sorted())
                .isEqualTo(records);
    }

    @Test
    void ignoresMembersItDoesNotKnow() throws MalformedEventException {
        String newer = golden("reply.heartbeat").replace("{\"type\"", "{\"mood\":{\"is\":\"good\"},\"type\"");
        assertThat(read(GOLDEN.get("reply.heartbeat"), newer)).isEqualTo(GOLDEN.get("reply.heartbeat"));
    }

    @Test
    void takesAFailureItDoesNotKnowForAnInternalOne() throws MalformedEventException {
        String newer = golden("attempt.failed").replace("rate-limited", "model-asleep");
        assertThat(read(GOLDEN.get("attempt.failed"), newer))
                .isEqualTo(new AttemptFailed(REPLY, 1, WORKER, FailureCode.INTERNAL, Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"reply.requested\"",
                "{",
                "{\"type\":\"reply.sung\"}",
                "{\"type\":\"chat.parley.events.RequestEvent$ReplyRequested\"}",
                "{\"@class\":\"java.lang.Runtime\",\"type\":\"java.lang.Runtime\"}",
                "{\"type\":\"reply.requested\"}",
                "{\"type\":\"reply.requested\",\"reply\":\"ada/c/r\",\"attempt\":1,\"again\":false,\"messages\":[],\"wantsTitle\":false}",
                "{\"type\":\"reply.requested\",\"reply\":\"ada/c\",\"attempt\":1,\"again\":false,\"messages\":[{\"role\":\"user\",\"text\":\"\"}],\"wantsTitle\":false}",
                "{\"type\":\"reply.requested\",\"reply\":\"ada/c/r\",\"attempt\":0,\"again\":false,\"messages\":[{\"role\":\"user\",\"text\":\"\"}],\"wantsTitle\":false}",
                "{\"type\":\"reply.requested\",\"reply\":\"ada/c/r\",\"attempt\":1,\"again\":false,\"messages\":[{\"role\":\"root\",\"text\":\"\"}],\"wantsTitle\":false}"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThatThrownBy(() -> json.readRequest(text.getBytes(UTF_8))).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void refusesADeepDocument() {
        String deep = "{\"type\":\"reply.requested\",\"x\":" + "[".repeat(100) + "]".repeat(100) + "}";
        assertThatThrownBy(() -> json.readRequest(deep.getBytes(UTF_8))).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void keepsTheGoodEventsOfABatchWithABadOne() throws MalformedEventException {
        String batch =
                "[" + golden("reply.started") + ",{\"type\":\"reply.sung\"}," + golden("reply.heartbeat") + ",7,null]";

        ReplyBatch read = json.readReplies(batch.getBytes(UTF_8));

        assertThat(read.events())
                .containsExactly((ReplyEvent) Objects.requireNonNull(GOLDEN.get("reply.started")), (ReplyEvent)
                        Objects.requireNonNull(GOLDEN.get("reply.heartbeat")));
        assertThat(read.malformed().stream().map(bytes -> new String(bytes, UTF_8)))
                .containsExactly("[{\"type\":\"reply.sung\"}]", "[7]", "[null]");
    }

    @Test
    void refusesABatchThatIsNoList() {
        assertThatThrownBy(() -> json.readReplies(golden("reply.started").getBytes(UTF_8)))
                .isInstanceOf(MalformedEventException.class);
    }

    private byte[] write(Object event) {
        return switch (event) {
            case RequestEvent request -> json.write(request);
            case ControlEvent control -> json.write(control);
            case ReplyEvent reply -> {
                String array = new String(json.write(List.of(reply)), UTF_8);
                yield array.substring(1, array.length() - 1).getBytes(UTF_8);
            }
            default -> throw new IllegalArgumentException(event.toString());
        };
    }

    private Object read(Object like, String text) throws MalformedEventException {
        return switch (like) {
            case RequestEvent _ -> json.readRequest(text.getBytes(UTF_8));
            case ControlEvent _ -> json.readControl(text.getBytes(UTF_8));
            default ->
                json.readReplies(("[" + text + "]").getBytes(UTF_8)).events().getFirst();
        };
    }

    private static String golden(String type) {
        try (InputStream file = EventJsonTest.class.getResourceAsStream("/golden/" + type + ".json")) {
            return new String(Objects.requireNonNull(file, type).readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
