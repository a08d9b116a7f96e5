package chat.parley.conversation.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import chat.parley.conversation.Corpus;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.events.ControlEvent;
import chat.parley.events.EventJson;
import chat.parley.events.MalformedEventException;
import chat.parley.events.ReplyBatch;
import chat.parley.events.RequestEvent;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any message on the broker is an event that is the same when it is written and read again, or is malformed and can be
 * a dead letter. {@code script/fuzz events} looks for one that is neither. Both services read by these readers, and
 * have nothing before them that looks at a message.
 *
 * <p>An input is a line of headers, as a JSON object, and a body; without a line end it is a body.
 */
class EventReadersFuzzTest {
    private static final EventJson EVENTS = new EventJson();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int KEPT_BYTES = 100;

    static List<Named<byte[]>> corpus() throws IOException {
        return Corpus.of("events");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void readOrBuryWhatWasFound(byte[] input) {
        fuzzerTestOneInput(input);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        boolean hasHeaders = end < input.length;
        Map<String, Object> headers = headers(hasHeaders ? new String(input, 0, end, UTF_8) : "{}");
        byte[] body = hasHeaders ? Arrays.copyOfRange(input, end + 1, input.length) : input;
        request(body);
        hint(body);
        replies(body);
        deadLetter(headers, body);
    }

    private static Map<String, Object> headers(String json) {
        try {
            Map<String, Object> headers = JSON.readValue(json, new TypeReference<>() {});
            return headers == null ? Map.of() : headers;
        } catch (JacksonException e) {
            return Map.of("text", json);
        }
    }

    private static void request(byte[] body) {
        RequestEvent event;
        try {
            event = EVENTS.readRequest(body);
        } catch (MalformedEventException e) {
            return;
        }
        try {
            check(event.equals(EVENTS.readRequest(EVENTS.write(event))), "another request");
        } catch (MalformedEventException e) {
            throw new AssertionError(e);
        }
    }

    private static void hint(byte[] body) {
        ControlEvent event;
        try {
            event = EVENTS.readControl(body);
        } catch (MalformedEventException e) {
            return;
        }
        try {
            check(event.equals(EVENTS.readControl(EVENTS.write(event))), "another hint");
        } catch (MalformedEventException e) {
            throw new AssertionError(e);
        }
    }

    private static void replies(byte[] body) {
        ReplyBatch batch;
        try {
            batch = EVENTS.readReplies(body);
        } catch (MalformedEventException e) {
            return;
        }
        try {
            ReplyBatch again = EVENTS.readReplies(EVENTS.write(batch.events()));
            check(again.equals(new ReplyBatch(batch.events(), List.of())), "other events");
            for (byte[] malformed : batch.malformed()) {
                ReplyBatch alone = EVENTS.readReplies(malformed);
                check(alone.events().isEmpty(), "an event that is malformed only among others");
                check(alone.malformed().size() == 1, "not alone");
                check(Arrays.equals(malformed, alone.malformed().getFirst()), "another letter each time");
            }
        } catch (MalformedEventException e) {
            throw new AssertionError(e);
        }
    }

    private static void deadLetter(Map<String, Object> headers, byte[] body) {
        LetterContent content = LetterContent.read(EVENTS, body);
        BasicProperties properties = new BasicProperties.Builder()
                .type(text(headers, "type"))
                .messageId(text(headers, "id"))
                .headers(headers)
                .build();
        Delivery delivery = new Delivery(
                new Envelope(1, false, Topology.DEAD, String.valueOf(text(headers, "key"))), properties, body);
        DeadLetter letter = DeadLetterReader.read(delivery, content, KEPT_BYTES);
        check(letter.bytes() == body.length && letter.kept() == (body.length <= KEPT_BYTES), "another size");
        check(letter.tries() >= 1, "tried " + letter.tries() + " times");
    }

    private static String text(Map<String, Object> headers, String name) {
        Object value = headers.get(name);
        return value == null ? null : value.toString();
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
