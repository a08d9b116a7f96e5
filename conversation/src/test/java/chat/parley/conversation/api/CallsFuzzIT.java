package chat.parley.conversation.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Corpus;
import chat.parley.conversation.Footprint;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Any HTTP call of a user gets an answer that is no failure of the server, tells of errors as problem details and
 * nothing of the inside, and leaves nothing behind. {@code script/fuzz calls} looks for one that does not.
 *
 * <p>An input is a request as it is on the wire, with bare line ends, and without version, host, cookie and length.
 */
public class CallsFuzzIT {
    private static final int PATIENCE_MS = 20_000;
    private static final int CALLS_PER_GUEST = 500;
    private static final int CALLS_PER_LOOK = 5_000;
    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.1 ([0-9]{3})");
    private static final Pattern INSIDE =
            Pattern.compile("Exception|springframework|chat\\.parley|org\\.apache|java\\.|\\bat [a-z]+\\.");
    /** Then the length is what the input says, and it may never be reached: no answer is due. */
    private static final Pattern OWN_LENGTH = Pattern.compile("(?im)^(content-length|transfer-encoding|expect)\\s*:");

    static List<Named<byte[]>> corpus() throws IOException {
        return Corpus.of("calls");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void areAnsweredWhateverWasFound(byte[] input) throws IOException {
        fuzzerTestOneInput(input);
    }

    /** Before the time is taken. */
    public static void fuzzerInitialize() {
        Caller.get();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Caller.get().call(new String(input, ISO_8859_1));
    }

    /** A guest who has a conversation, and another one after some time or when he has lost his session. */
    private static final class Caller {
        private static final Caller CALLER = new Caller();

        private final Service service = Service.start(
                "logging.level.root=warn",
                "parley.history.messages-per-minute=1000000",
                "parley.history.conversations-per-user=1000000");
        private Browser guest = newGuest();
        private final Footprint atFirst = new Footprint();
        private int calls;

        static Caller get() {
            return CALLER;
        }

        private Browser newGuest() {
            Browser next = Browser.guest(service);
            try (Tab tab = next.open()) {
                tab.say("c", "m", "Hello");
            }
            return next;
        }

        void call(String input) throws IOException {
            calls++;
            if (calls % CALLS_PER_GUEST == 0) {
                check(guest.get("/api/conversations").status() != 500, "the list is broken");
                guest = newGuest();
            }
            if (calls % CALLS_PER_LOOK == 0) {
                look();
            }
            int end = input.indexOf("\n\n");
            String head = end < 0 ? input : input.substring(0, end);
            String body = end < 0 ? "" : input.substring(end + 2);
            byte[] request = request(head, body);
            String answer = send(request);
            checkAnswer(answer, head);
            if (answer.startsWith("HTTP/1.1 401")) {
                guest = newGuest();
            }
        }

        /** In the fuzzer's process only: what other tests do in theirs says nothing about this one. */
        void look() {
            atFirst.awaitNoMore();
        }

        private byte[] request(String head, String body) {
            int line = head.indexOf('\n');
            StringBuilder request = new StringBuilder(line < 0 ? head : head.substring(0, line))
                    .append(" HTTP/1.1\r\nHost: 127.0.0.1:")
                    .append(service.port())
                    .append("\r\nConnection: close\r\nCookie: ")
                    .append(guest.cookie())
                    .append("\r\n");
            if (!OWN_LENGTH.matcher(head).find()) {
                request.append("Content-Length: ").append(body.length()).append("\r\n");
            }
            if (line >= 0) {
                request.append(head.substring(line + 1).replace("\n", "\r\n")).append("\r\n");
            }
            return request.append("\r\n").append(body).toString().getBytes(ISO_8859_1);
        }

        /** All that comes until the server closes; the request is over when it is sent. */
        private String send(byte[] request) throws IOException {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
                socket.setSoTimeout(PATIENCE_MS);
                // No port waits for late packets: there are fewer ports than inputs.
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                socket.getInputStream().transferTo(answer);
            } catch (SocketException e) {
                // It was closed with some of the request unread: what came before that is the answer.
            }
            return answer.toString(ISO_8859_1);
        }
    }

    private static void checkAnswer(String answer, String head) {
        Matcher statuses = STATUS.matcher(answer);
        if (!statuses.find()) {
            boolean noneIsDue = OWN_LENGTH.matcher(head).find();
            // Tomcat answers what it can't read up to the version as HTTP/0.9, once it was asked in that: no status
            // line.
            check(answer.isEmpty() ? noneIsDue : isProblem(answer, 400), "no answer: " + answer);
            return;
        }
        int status = Integer.parseInt(statuses.group(1));
        int headers = answer.indexOf("\r\n\r\n");
        String fields = answer.substring(0, headers).toLowerCase(Locale.ROOT);
        String body = answer.substring(headers + 4);
        // Not implemented: a transfer coding that nobody has. All else above is the server's own failure.
        check(status < 500 || status == 501, "it answers " + answer);
        while (statuses.find()) {
            check(Integer.parseInt(statuses.group(1)) < 500, "it answers " + answer);
        }
        if (status < 400 || body.isEmpty()) {
            return;
        }
        check(fields.contains("content-type: application/problem+json"), "no problem details: " + answer);
        check(isProblem(unchunked(fields, body), status), "no problem details: " + answer);
    }

    private static String unchunked(String fields, String body) {
        if (!fields.contains("transfer-encoding: chunked")) {
            return body;
        }
        return String.join(
                "", Arrays.stream(body.split("(?:\r\n)?[0-9a-f]+\r\n", -1)).toList());
    }

    private static boolean isProblem(String body, int status) {
        try {
            JsonNode problem = Browser.JSON.readTree(body.getBytes(ISO_8859_1));
            return problem.path("status").asInt() == status
                    && problem.path("code").isString()
                    && problem.path("retryable").isBoolean()
                    && !problem.path("detail").asString().isEmpty()
                    && !INSIDE.matcher(words(problem)).find()
                    && UTF_8.newEncoder().canEncode(problem.path("detail").asString());
        } catch (JacksonException e) {
            return false;
        }
    }

    /** What the server says by itself: the path of the call says the caller. */
    private static String words(JsonNode problem) {
        return ((ObjectNode) problem).deepCopy().remove(List.of("instance")).toString();
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
