package chat.parley.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes events as UTF-8 JSON. The type is the member {@code type}, one of the names written at the records;
 * no class that a message names is ever looked for.
 */
public final class EventJson {
    /** Longest message that is looked at, in bytes. */
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    private static final int MAX_DEPTH = 16;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(MAX_BYTES)
                            .maxStringLength(MAX_BYTES)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    public byte[] write(RequestEvent event) {
        return mapper.writerFor(RequestEvent.class).writeValueAsBytes(event);
    }

    public byte[] write(ControlEvent event) {
        return mapper.writerFor(ControlEvent.class).writeValueAsBytes(event);
    }

    /**
     * Writes one message of the reply queues: all events are of one partition, in the order in which they were said.
     */
    public byte[] write(List<? extends ReplyEvent> events) {
        return mapper.writerFor(mapper.getTypeFactory().constructCollectionType(List.class, ReplyEvent.class))
                .writeValueAsBytes(events);
    }

    /**
     * Reads one request.
     *
     * @throws MalformedEventException if it is not a request of a known type with all that it must have
     */
    public RequestEvent readRequest(byte[] json) throws MalformedEventException {
        return read(RequestEvent.class, json);
    }

    /**
     * Reads one control event.
     *
     * @throws MalformedEventException if it is not a control event of a known type with all that it must have
     */
    public ControlEvent readControl(byte[] json) throws MalformedEventException {
        return read(ControlEvent.class, json);
    }

    /**
     * Reads one message of the reply queues. A bad event in it does not spoil the others.
     *
     * @throws MalformedEventException if it is not a JSON array at all
     */
    public ReplyBatch readReplies(byte[] json) throws MalformedEventException {
        JsonNode array = read(JsonNode.class, json);
        if (!array.isArray()) {
            throw new MalformedEventException("Not a list of events", null);
        }
        ObjectReader reader = mapper.readerFor(ReplyEvent.class);
        List<ReplyEvent> events = new ArrayList<>(array.size());
        List<byte[]> malformed = new ArrayList<>();
        for (JsonNode element : array) {
            @Nullable ReplyEvent event = readOrNull(reader, element);
            if (event == null) {
                malformed.add(mapper.writeValueAsBytes(List.of(element)));
            } else {
                events.add(event);
            }
        }
        return new ReplyBatch(events, malformed);
    }

    /** Null also for what is {@code null} in JSON: it is as little an event as anything else that is none. */
    private static @Nullable ReplyEvent readOrNull(ObjectReader reader, JsonNode element) {
        try {
            return reader.readValue(element);
        } catch (JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    private <T> T read(Class<T> type, byte[] json) throws MalformedEventException {
        if (json.length > MAX_BYTES) {
            throw new MalformedEventException("Longer than " + MAX_BYTES + " bytes", null);
        }
        try {
            @Nullable T value = mapper.readerFor(type).readValue(json);
            if (value == null) {
                throw new MalformedEventException("Nothing in it", null);
            }
            return value;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new MalformedEventException("Not an event of a known type", e);
        }
    }
}
