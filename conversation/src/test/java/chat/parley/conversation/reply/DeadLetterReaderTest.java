package chat.parley.conversation.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.events.ChatMessage;
import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.ReplyEvent.ReplyHeartbeat;
import chat.parley.events.ReplyName;
import chat.parley.events.RequestEvent.ReplyRequested;
import chat.parley.events.Role;
import chat.parley.events.Topology;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterReaderTest {
    private static final EventJson JSON = new EventJson();
    private static final ReplyName REPLY = ReplyName.parse("ada/c/r");
    private static final Map<String, Object> REJECTED =
            Map.of("x-first-death-queue", "assistant.requests", "x-first-death-reason", "rejected");

    @Test
    void knowsTheReplyAndAttemptOfARequest() {
        DeadLetter letter = read(REJECTED, "any", request(3, false));

        assertThat(letter.reply()).isEqualTo(REPLY);
        assertThat(letter.attempt()).isEqualTo(3);
        assertThat(letter.cause()).isEqualTo("rejected");
        assertThat(letter.tries()).isEqualTo(1);
    }

    @Test
    void countsAtLeastOneTryWhateverForeignHeadersSay() {
        for (Object count : new Object[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, 1e300, "many"}) {
            Map<String, Object> headers = Map.of(
                    "x-parley-tries",
                    count,
                    "x-delivery-count",
                    count,
                    "x-death",
                    List.of(Map.of("count", count), Map.of("count", count)));

            assertThat(read(headers, "any", request(1, false)).tries()).isPositive();
        }
    }

    @Test
    void takesEveryRequestOfAnAttemptForTheSameLetter() {
        Id first = read(REJECTED, "any", request(1, false)).id();

        assertThat(read(REJECTED, "any", request(1, false)).id()).isEqualTo(first);
        assertThat(read(REJECTED, "any", request(1, true)).id()).isEqualTo(first);
        assertThat(read(REJECTED, "any", request(2, false)).id()).isNotEqualTo(first);
    }

    @Test
    void takesTheSameBytesOfTheSameQueueForTheSameLetter() {
        Id first = read(Map.of(), "any", "<html>".getBytes(UTF_8)).id();

        assertThat(read(Map.of(), "any", "<html>".getBytes(UTF_8)).id()).isEqualTo(first);
        assertThat(read(Map.of(), "any", "<body>".getBytes(UTF_8)).id()).isNotEqualTo(first);
        assertThat(read(Map.of(), "07", "<html>".getBytes(UTF_8)).id()).isNotEqualTo(first);
    }

    @Test
    void knowsTheWayBackByTheBrokersHeaderOrTheRoutingKey() {
        assertWay(read(REJECTED, "", request(1, false)), Topology.REQUEST_QUEUE, Topology.REQUESTS, Topology.ANY);
        assertWay(read(Map.of(), "solo", request(1, false)), Topology.SOLO_QUEUE, Topology.REQUESTS, Topology.SOLO);
        assertWay(read(Map.of(), "07", request(1, false)), "conversation.replies.07", Topology.REPLIES, "07");
        assertWay(read(Map.of(), "", request(1, false)), "", "", "");
    }

    private static void assertWay(DeadLetter letter, String source, String exchange, String routingKey) {
        assertThat(letter.source()).isEqualTo(source);
        assertThat(letter.exchange()).isEqualTo(exchange);
        assertThat(letter.routingKey()).isEqualTo(routingKey);
    }

    @Test
    void namesTheReplyOfEventsOnlyIfTheyAreAllOfOne() {
        ReplyHeartbeat one = new ReplyHeartbeat(REPLY, 2, new Id("w"));
        ReplyHeartbeat other = new ReplyHeartbeat(ReplyName.parse("ada/c/s"), 2, new Id("w"));

        assertThat(read(Map.of(), "00", JSON.write(List.of(one, one))).reply()).isEqualTo(REPLY);
        assertThat(read(Map.of(), "00", JSON.write(List.of(one, other))).reply())
                .isNull();
    }

    @Test
    void countsDeliveriesAsFarAsTheBrokerTellsOfThem() {
        assertThat(tries(Map.of())).isEqualTo(1);
        assertThat(tries(Map.of("x-delivery-count", 4L))).isEqualTo(5);
        assertThat(tries(Map.of("x-death", List.of(Map.of("count", 2L), Map.of("count", 1L)))))
                .isEqualTo(3);
        assertThat(tries(Map.of("x-first-death-queue", "assistant.requests", "x-first-death-reason", "delivery_limit")))
                .isEqualTo(Topology.MAX_DELIVERIES + 1);
    }

    @Test
    void goesOnCountingAfterAReplay() {
        assertThat(tries(Map.of("x-parley-tries", 7))).isEqualTo(8);
        assertThat(tries(Map.of("x-parley-tries", "many"))).isEqualTo(1);
        assertThat(tries(Map.of("x-parley-tries", -7))).isEqualTo(1);
    }

    private static int tries(Map<String, Object> headers) {
        return read(headers, "any", new byte[1]).tries();
    }

    @Test
    void showsHeadersOnOneShortLine() {
        DeadLetter letter = read(Map.of("x-parley-cause", "a\nb\u001b[2J\u00e9" + "c".repeat(500)), "any", new byte[1]);

        assertThat(letter.cause()).startsWith("a?b?[2J?ccc").hasSize(200);
    }

    @Test
    void keepsNoBodyThatIsTooLong() {
        Delivery delivery = delivery(Map.of(), "any", new byte[10]);

        assertThat(DeadLetterReader.read(delivery, new LetterContent.Unreadable(), 10)
                        .kept())
                .isTrue();
        assertThat(DeadLetterReader.read(delivery, new LetterContent.Unreadable(), 9)
                        .kept())
                .isFalse();
    }

    private static byte[] request(int attempt, boolean again) {
        return JSON.write(new ReplyRequested(
                REPLY, attempt, again, null, null, List.of(new ChatMessage(Role.USER, "Hello")), false));
    }

    private static DeadLetter read(Map<String, Object> headers, String routingKey, byte[] body) {
        return DeadLetterReader.read(delivery(headers, routingKey, body), LetterContent.read(JSON, body), 1_000);
    }

    private static Delivery delivery(Map<String, Object> headers, String routingKey, byte[] body) {
        BasicProperties properties =
                new BasicProperties.Builder().headers(headers).build();
        return new Delivery(new Envelope(1, false, Topology.DEAD, routingKey), properties, body);
    }
}
