package chat.parley.conversation.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Corpus;
import chat.parley.conversation.Footprint;
import chat.parley.conversation.RawSocket;
import chat.parley.conversation.RawSocket.Piece;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import chat.parley.conversation.history.RawJson;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever comes through a socket, each frame is answered once, in order and by its id, until the socket is closed with
 * a code that says why; and nothing stays behind. {@code script/fuzz sockets} looks for what is not.
 *
 * <p>A line of an input is a text frame. One that begins with {@code #}, a hexadecimal digit and {@code +} or {@code -}
 * is a piece with that opcode, which is the last of its frame or not.
 */
public class SocketFuzzIT {
    private static final int MOST_LINES = 16;
    private static final int SOCKETS_PER_GUEST = 100;
    private static final int SOCKETS_PER_LOOK = 1_000;
    private static final Set<String> ANSWERS = Set.of("accepted", "subscribed", "ok", "pong", "error");
    /** Not the WebSocket protocol, no text, no UTF-8, too long; and what the client itself closed with. */
    private static final Set<Integer> CODES = Set.of(1002, 1003, 1007, 1009);

    private static final FrameCodec CODEC = new FrameCodec(JsonMapper.builder().build());

    static List<Named<byte[]>> corpus() throws IOException {
        return Corpus.of("sockets");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void answerWhateverWasFound(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    @AfterAll
    static void leaveNothingBehind() {
        Client.get().awaitNoSockets();
    }

    /** Before the time is taken. */
    public static void fuzzerInitialize() {
        Client.get();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Client.get().talk(Talk.of(input));
    }

    /**
     * What is sent.
     *
     * @param answers the ids that are to be answered, in order; null for a frame whose id can't be read
     * @param regular whether there is no reason to close the socket
     */
    private record Talk(List<Line> lines, List<@Nullable RawJson> answers, boolean regular) {
        /** @param payload a character for each byte */
        record Line(int opcode, boolean last, String payload) {
            byte[] bytes() {
                return payload.getBytes(ISO_8859_1);
            }
        }

        static Talk of(byte[] input) {
            List<Line> lines = new ArrayList<>();
            for (String line : new String(input, ISO_8859_1).split("\n", MOST_LINES)) {
                lines.add(line(line));
            }
            List<@Nullable RawJson> answers = new ArrayList<>();
            boolean regular = true;
            for (Line line : lines) {
                String text = text(line);
                regular &= text != null;
                if (regular) {
                    answers.add(idOf(text));
                }
            }
            return new Talk(lines, answers, regular);
        }

        private static Line line(String line) {
            if (line.matches("(?s)#[0-9a-f][+-].*")) {
                int opcode = Character.digit(line.charAt(1), 16);
                return new Line(opcode, line.charAt(2) == '+', line.substring(3));
            }
            return new Line(RawSocket.TEXT, true, line);
        }

        /** A whole text frame; null if it is anything else. */
        private static @Nullable String text(Line line) {
            if (line.opcode() != RawSocket.TEXT || !line.last()) {
                return null;
            }
            try {
                return UTF_8.newDecoder().decode(ByteBuffer.wrap(line.bytes())).toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        private static @Nullable RawJson idOf(String text) {
            try {
                return CODEC.decode(text).id();
            } catch (MalformedFrameException e) {
                return e.re().orElse(null);
            }
        }
    }

    /** A guest who opens a socket for each input, and another one after some time. */
    private static final class Client {
        private static final Client CLIENT = new Client();

        private final Service service = Service.start(
                "logging.level.root=warn",
                "parley.live.sockets-per-user=1000",
                "parley.history.messages-per-minute=1000000",
                "parley.history.max-waiting=1000000");
        private Browser guest = newGuest();
        private final Footprint atFirst = new Footprint();
        private int talks;

        static Client get() {
            return CLIENT;
        }

        /** One whose message is accepted, as ever. */
        private Browser newGuest() {
            Browser next = Browser.guest(service);
            try (Tab tab = next.open()) {
                check(tab.say("c", "m", "Hello").path("type").asString().equals("accepted"), "no message is taken");
            }
            return next;
        }

        void talk(Talk talk) throws IOException {
            talks++;
            if (talks % SOCKETS_PER_GUEST == 0) {
                guest = newGuest();
            }
            if (talks % SOCKETS_PER_LOOK == 0) {
                look();
            }
            try (RawSocket socket = new RawSocket(service, "Cookie: " + guest.cookie())) {
                check(socket.status() == 101, "no socket: " + socket.handshake());
                try {
                    for (Talk.Line line : talk.lines()) {
                        socket.write(line.opcode(), line.last(), line.bytes());
                    }
                    socket.text("{\"type\":\"ping\",\"id\":\"fence\"}");
                } catch (SocketException e) {
                    check(!talk.regular(), "hung up on frames that are none to hang up for");
                }
                listen(socket, talk);
            }
        }

        private static void listen(RawSocket socket, Talk talk) throws IOException {
            int answered = 0;
            StringBuilder text = new StringBuilder();
            while (true) {
                Piece piece;
                try {
                    piece = socket.piece();
                } catch (EOFException | SocketException e) {
                    check(!talk.regular(), "hung up");
                    return;
                }
                if (piece.opcode() == RawSocket.CLOSE) {
                    check(!talk.regular(), "closed with " + piece.closeCode());
                    check(CODES.contains(piece.closeCode()) || closes(talk), "closed with " + piece.closeCode());
                    return;
                }
                if (piece.opcode() == RawSocket.TEXT || piece.opcode() == RawSocket.CONTINUATION) {
                    text.append(piece.text());
                    if (!piece.last()) {
                        continue;
                    }
                    byte[] bytes = text.toString().getBytes(ISO_8859_1);
                    text.setLength(0);
                    JsonNode frame = Browser.JSON.readTree(bytes);
                    if (!ANSWERS.contains(frame.path("type").asString())) {
                        continue;
                    }
                    if (frame.path("re").asString("").equals("fence")
                            && answered >= talk.answers().size()) {
                        return;
                    }
                    if (answered < talk.answers().size()) {
                        checkAnswer(frame, talk.answers().get(answered));
                    }
                    check(!talk.regular() || answered < talk.answers().size(), "answered twice: " + frame);
                    answered++;
                }
            }
        }

        private static boolean closes(Talk talk) {
            return talk.lines().stream().anyMatch(line -> line.opcode() == RawSocket.CLOSE);
        }

        private static void checkAnswer(JsonNode answer, @Nullable RawJson id) {
            JsonNode re = id == null ? null : Browser.JSON.readTree(id.json());
            check(
                    id == null ? !answer.has("re") : answer.path("re").equals(re),
                    "not the answer to " + id + ": " + answer);
            String code = answer.path("code").asString("");
            check(!code.equals("internal") && !code.equals("unavailable"), "failed: " + answer);
        }

        /** In the fuzzer's process only: what other tests do in theirs says nothing about this one. */
        void look() {
            awaitNoSockets();
            atFirst.awaitNoMore();
        }

        void awaitNoSockets() {
            await("all sockets are gone")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> service.bean(Sockets.class).count() == 0);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
