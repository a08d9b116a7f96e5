package chat.parley.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TopologyTest {
    /** Stored conversations are found by these: a change here loses every conversation. */
    @ParameterizedTest
    @CsvSource({"ada,8", "grace,3", "a,3", "0123456789abcdef0123456789abcdef,14"})
    void neverMovesAUserToAnotherShard(String user, int shard) {
        assertThat(Topology.shardOf(new Id(user))).isEqualTo(shard);
    }

    @Test
    void spreadsUsersOverAllShards() {
        assertThat(IntStream.range(0, 1000)
                        .map(i -> Topology.shardOf(new Id("user" + i)))
                        .distinct()
                        .count())
                .isEqualTo(Topology.SHARDS);
    }

    @Test
    void bindsEveryQueueToAnExchangeOfItsOwn() {
        List<String> exchanges =
                Topology.exchanges().stream().map(Topology.Exchange::name).toList();
        assertThat(Topology.bindings().stream().map(Topology.Binding::queue))
                .containsExactlyInAnyOrderElementsOf(
                        Topology.queues().stream().map(Topology.Queue::name).toList());
        assertThat(Topology.bindings())
                .allSatisfy(binding -> assertThat(exchanges).contains(binding.exchange()));
    }

    @Test
    void boundsEveryQueueThatServicesPublishTo() {
        assertThat(Topology.queues().stream().filter(queue -> !queue.name().equals(Topology.DEAD_QUEUE)))
                .hasSize(18)
                .allSatisfy(queue -> assertThat(queue.arguments())
                        .containsKeys("x-delivery-limit", "x-max-length")
                        .containsEntry("x-overflow", "reject-publish")
                        .containsEntry("x-dead-letter-strategy", "at-least-once"));
    }

    @Test
    void letsOneReplicaAtATimeReadAPartition() {
        assertThat(Topology.queues().stream()
                        .filter(queue -> queue.name().startsWith("conversation.replies."))
                        .toList())
                .hasSize(16)
                .allSatisfy(queue -> assertThat(queue.arguments()).containsEntry("x-single-active-consumer", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 16})
    void knowsNoPartitionOutsideItsBounds(int partition) {
        assertThatThrownBy(() -> Topology.partitionKey(partition)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "é",
                "{s00}",
                "a\n",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void takesOnlyIdsThatCannotBreakAKey(String text) {
        assertThat(Id.isValid(text)).isFalse();
        assertThatThrownBy(() -> new Id(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesIdsOf128RandomBits() {
        assertThat(Id.random().value())
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(Id.random().value());
    }

    /** What a broker gets on which the services may not declare. */
    @Test
    void isWhatTheDefinitionsOfRabbitMqHave() throws IOException {
        JsonNode definitions =
                JsonMapper.shared().readTree(Files.readString(Path.of("../deploy/rabbitmq/definitions.json")));

        assertThat(definitions.path("exchanges"))
                .allMatch(exchange -> exchange.path("durable").asBoolean())
                .extracting(exchange -> new Topology.Exchange(text(exchange, "name"), text(exchange, "type")))
                .containsExactlyInAnyOrderElementsOf(Topology.exchanges());
        assertThat(definitions.path("queues"))
                .allMatch(queue -> queue.path("durable").asBoolean())
                .extracting(queue -> new Topology.Queue(text(queue, "name"), arguments(queue)))
                .containsExactlyInAnyOrderElementsOf(Topology.queues());
        assertThat(definitions.path("bindings"))
                .extracting(binding -> new Topology.Binding(
                        text(binding, "source"), text(binding, "routing_key"), text(binding, "destination")))
                .containsExactlyInAnyOrderElementsOf(Topology.bindings());
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString();
    }

    private static Map<String, Object> arguments(JsonNode queue) {
        return JsonMapper.shared().convertValue(queue.path("arguments"), new TypeReference<>() {});
    }
}
