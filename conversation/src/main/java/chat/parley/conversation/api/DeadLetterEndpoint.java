package chat.parley.conversation.api;

import chat.parley.conversation.api.DeadLetterAnswer.Dropped;
import chat.parley.conversation.api.DeadLetterAnswer.Letter;
import chat.parley.conversation.api.DeadLetterAnswer.Listing;
import chat.parley.conversation.api.DeadLetterAnswer.Refusal;
import chat.parley.conversation.api.DeadLetterAnswer.Replays;
import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.reply.DeadLetters;
import chat.parley.conversation.reply.DeadLetters.Replay;
import chat.parley.events.Id;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeType;

/**
 * {@code /actuator/deadletters}: lists, shows, replays and drops dead letters, as JSON or as text for a terminal. The
 * service does not start unless management has a port of its own, or none: no user of the chat reaches this.
 */
@Component
@WebEndpoint(id = "deadletters")
class DeadLetterEndpoint {
    private static final int LISTED = 100;
    private static final int MOST_LISTED = 1000;
    private static final String ALL = "all";

    private final DeadLetters letters;

    DeadLetterEndpoint(DeadLetters letters) {
        this.letters = letters;
    }

    /** How an answer is written. */
    enum Format implements Producible<Format> {
        JSON("application/json"),
        TEXT("text/plain;charset=UTF-8");

        private final String type;

        Format(String type) {
            this.type = type;
        }

        @Override
        public MimeType getProducedMimeType() {
            return MimeType.valueOf(type);
        }

        @Override
        public boolean isDefault() {
            return this == JSON;
        }
    }

    /** @param limit most letters that are listed, 1 to 1000; 100 if absent */
    @ReadOperation(producesFrom = Format.class)
    WebEndpointResponse<Object> list(@Nullable Integer limit, Format format) {
        int most = Math.clamp(limit == null ? LISTED : limit, 1, MOST_LISTED);
        return answer(format, () -> new Listing(letters.count(), letters.newest(most)));
    }

    /** @param body whether its body, which has words of people, is wanted, too */
    @ReadOperation(producesFrom = Format.class)
    WebEndpointResponse<Object> show(@Selector String id, @Nullable Boolean body, Format format) {
        return answer(format, id, known -> {
            Optional<DeadLetter> letter = letters.find(known);
            if (letter.isEmpty()) {
                return Refusal.unknown(id);
            }
            Optional<byte[]> words = Boolean.TRUE.equals(body) ? letters.body(known) : Optional.empty();
            return Letter.of(letter.get(), words);
        });
    }

    /**
     * Takes JSON, which no page of another site can send to here.
     *
     * @param replay the letter's id, or {@code all}
     */
    @WriteOperation(producesFrom = Format.class)
    WebEndpointResponse<Object> replay(String replay, Format format) {
        if (replay.equals(ALL)) {
            return answer(format, () -> Replays.of(letters.replayAll()));
        }
        return answer(format, replay, id -> {
            Replay one = letters.replay(id);
            return switch (one.result()) {
                case REPLAYED -> Replays.of(List.of(one));
                case UNKNOWN -> Refusal.unknown(replay);
                case STUCK, UNCONFIRMED -> Refusal.of(one.result());
            };
        });
    }

    @DeleteOperation(producesFrom = Format.class)
    WebEndpointResponse<Object> drop(@Selector String id, Format format) {
        return answer(format, id, known -> letters.drop(known) ? new Dropped(1) : Refusal.unknown(id));
    }

    @DeleteOperation(producesFrom = Format.class)
    WebEndpointResponse<Object> dropAll(Format format) {
        return answer(format, () -> new Dropped(letters.dropAll()));
    }

    private static WebEndpointResponse<Object> answer(Format format, String id, Function<Id, DeadLetterAnswer> about) {
        return answer(format, () -> Id.isValid(id) ? about.apply(new Id(id)) : Refusal.unknown(id));
    }

    private static WebEndpointResponse<Object> answer(Format format, Supplier<DeadLetterAnswer> asked) {
        DeadLetterAnswer answer = answer(asked);
        Object body = switch (format) {
            case JSON -> answer;
            case TEXT -> DeadLetterText.of(answer);
        };
        return new WebEndpointResponse<>(body, answer.status(), format.getProducedMimeType());
    }

    private static DeadLetterAnswer answer(Supplier<DeadLetterAnswer> asked) {
        try {
            return asked.get();
        } catch (RefusedException e) {
            return new Refusal(
                    e.code(),
                    e.code() == ErrorCode.UNAVAILABLE
                            ? "The store can't be reached just now; ask again."
                            : "Something went wrong; the log says what.");
        }
    }
}
