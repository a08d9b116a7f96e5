package chat.parley.conversation.api;

import chat.parley.conversation.history.DeadLetter;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.reply.DeadLetters.Replay;
import chat.parley.conversation.reply.DeadLetters.Result;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link DeadLetterEndpoint} says; as JSON it is as it stands here. */
sealed interface DeadLetterAnswer {
    /** Of the HTTP response. */
    default int status() {
        return 200;
    }

    /**
     * Some of the letters.
     *
     * @param total how many there are
     * @param items the newest of them, newest first
     */
    record Listing(long total, List<DeadLetter> items) implements DeadLetterAnswer {
        public Listing {
            items = List.copyOf(items);
        }
    }

    /**
     * One letter.
     *
     * @param body as text; absent if it was not asked for, was not kept, or is no text
     * @param bodyBase64 the same, if it is no text
     */
    record Letter(
            @JsonUnwrapped DeadLetter letter,
            @Nullable String body,
            @Nullable String bodyBase64) implements DeadLetterAnswer {
        static Letter of(DeadLetter letter, Optional<byte[]> body) {
            Optional<String> text = body.flatMap(Letter::text);
            Optional<String> base64 = text.isPresent()
                    ? Optional.empty()
                    : body.map(bytes -> Base64.getEncoder().encodeToString(bytes));
            return new Letter(letter, text.orElse(null), base64.orElse(null));
        }

        private static Optional<String> text(byte[] bytes) {
            try {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * What became of letters that were to be replayed.
     *
     * @param replayed how many were, and are gone
     * @param left those that were not, and are still there; after one that the broker did not take no other was tried
     */
    record Replays(int replayed, List<Left> left) implements DeadLetterAnswer {
        public Replays {
            left = List.copyOf(left);
        }

        /** @param code {@code conflict} if it can't be replayed, {@code unavailable} if the broker did not take it */
        record Left(String id, ErrorCode code, String message) {}

        static Replays of(List<Replay> replays) {
            List<Left> left = replays.stream()
                    .filter(one -> one.result() == Result.STUCK || one.result() == Result.UNCONFIRMED)
                    .map(one -> {
                        Refusal why = Refusal.of(one.result());
                        return new Left(one.id().value(), why.code(), why.message());
                    })
                    .toList();
            return new Replays(
                    (int) replays.stream()
                            .filter(one -> one.result() == Result.REPLAYED)
                            .count(),
                    left);
        }

        @Override
        public int status() {
            return left.stream()
                    .map(Left::code)
                    .filter(code -> code == ErrorCode.UNAVAILABLE)
                    .findFirst()
                    .map(ErrorCode::httpStatus)
                    .orElse(200);
        }
    }

    record Dropped(long dropped) implements DeadLetterAnswer {}

    /** Nothing was done. */
    record Refusal(ErrorCode code, String message) implements DeadLetterAnswer {
        private static final int LONGEST_ID = 64;

        static Refusal unknown(String id) {
            String shown = id.replaceAll("[^\\x20-\\x7e]", "?");
            return new Refusal(
                    ErrorCode.NOT_FOUND,
                    "There is no dead letter " + shown.substring(0, Math.min(shown.length(), LONGEST_ID)) + ".");
        }

        static Refusal of(Result result) {
            return switch (result) {
                case STUCK ->
                    new Refusal(
                            ErrorCode.CONFLICT,
                            "It can't be replayed: its body was not kept, or the queue that it came from is not known.");
                case UNCONFIRMED ->
                    new Refusal(
                            ErrorCode.UNAVAILABLE,
                            "RabbitMQ did not take it, or did not say so. It is still here; replay it again.");
                case UNKNOWN -> new Refusal(ErrorCode.NOT_FOUND, "There is no such dead letter.");
                case REPLAYED -> throw new IllegalArgumentException("It was replayed");
            };
        }

        @Override
        public int status() {
            return code.httpStatus();
        }
    }
}
