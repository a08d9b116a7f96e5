package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.DeadLetterStore.Bounds;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterIT {
    private static final Bounds PLENTY = new Bounds(100, 1_000_000);
    private static final byte[] BODY = {0, (byte) 0xff, 'w', 'o', 'r', 'd', 's'};

    private final HistoryFixture chat = new HistoryFixture();
    private final DeadLetterStore letters = chat.letters;

    @BeforeEach
    void forget() {
        letters.dropAll();
    }

    @Test
    void keepsALetterAndItsBodyApart() {
        DeadLetter letter = letter("a", 1);

        assertThat(letters.record(letter, BODY, PLENTY)).isTrue();

        assertThat(letters.newest(10)).containsExactly(letter);
        assertThat(letters.find(letter.id())).contains(letter);
        assertThat(letters.body(letter.id()).orElseThrow()).isEqualTo(BODY);
        assertThat(chat.raw().hget(Keys.DEAD_LETTERS, "a")).doesNotContain("words");
    }

    @Test
    void keepsOneLetterOfADeliveryThatCameTwice() {
        letters.record(letter("a", 1), BODY, PLENTY);

        assertThat(letters.record(letter("a", 2, 1, null), BODY, PLENTY)).isFalse();

        assertThat(letters.newest(10)).containsExactly(letter("a", 1));
    }

    @Test
    void countsTheTriesOfALetterThatCameBack() {
        letters.record(letter("a", 1), BODY, PLENTY);
        letters.record(letter("b", 2), BODY, PLENTY);
        DeadLetter back = letter("a", 3, 2, null);

        assertThat(letters.record(back, BODY, PLENTY)).isTrue();

        assertThat(letters.newest(10)).containsExactly(back, letter("b", 2));
    }

    @Test
    void listsTheNewestFirst() {
        letters.record(letter("old", 1), BODY, PLENTY);
        letters.record(letter("new", 2), BODY, PLENTY);

        assertThat(letters.newest(1)).containsExactly(letter("new", 2));
        assertThat(letters.count()).isEqualTo(2);
    }

    @Test
    void dropsTheOldestWhenThereAreTooMany() {
        Bounds two = new Bounds(2, 1_000_000);
        letters.record(letter("1", 1), BODY, two);
        letters.record(letter("2", 2), BODY, two);
        letters.record(letter("3", 3), BODY, two);

        assertThat(letters.newest(10)).containsExactly(letter("3", 3), letter("2", 2));
        assertThat(letters.body(new Id("1"))).isEmpty();
    }

    @Test
    void dropsTheOldestWhenTheirBodiesAreTooLong() {
        Bounds bodies = new Bounds(100, 2L * BODY.length);
        letters.record(letter("1", 1), BODY, bodies);
        letters.record(letter("2", 2), BODY, bodies);
        assertThat(letters.count()).isEqualTo(2);

        letters.record(letter("3", 3), BODY, bodies);

        assertThat(letters.newest(10)).containsExactly(letter("3", 3), letter("2", 2));
    }

    @Test
    void countsTheBodyOfALetterThatCameBackOnce() {
        Bounds bodies = new Bounds(100, 2L * BODY.length);
        letters.record(letter("1", 1), BODY, bodies);
        letters.record(letter("2", 2), BODY, bodies);
        letters.record(letter("2", 3, 2, null), BODY, bodies);

        assertThat(letters.count()).isEqualTo(2);
    }

    @Test
    void makesRoomByDropping() {
        Bounds bodies = new Bounds(100, 2L * BODY.length);
        letters.record(letter("1", 1), BODY, bodies);
        letters.record(letter("2", 2), BODY, bodies);
        letters.drop(new Id("2"));

        letters.record(letter("3", 3), BODY, bodies);

        assertThat(letters.newest(10)).containsExactly(letter("3", 3), letter("1", 1));
    }

    @Test
    void settlesALetterOnlyIfItHasNotComeAgain() {
        letters.record(letter("a", 1), BODY, PLENTY);
        letters.record(letter("a", 2, 2, null), BODY, PLENTY);

        assertThat(letters.settle(letter("a", 1))).isFalse();
        assertThat(letters.settle(letter("a", 2, 2, null))).isTrue();
        assertThat(letters.settle(letter("a", 2, 2, null))).isFalse();
        assertThat(letters.count()).isZero();
    }

    @Test
    void dropsOneAndAll() {
        letters.record(letter("a", 1), BODY, PLENTY);
        letters.record(letter("b", 2), BODY, PLENTY);
        letters.record(letter("c", 3), BODY, PLENTY);

        assertThat(letters.drop(new Id("a"))).isTrue();
        assertThat(letters.drop(new Id("a"))).isFalse();
        assertThat(letters.dropAll()).isEqualTo(2);
        assertThat(letters.newest(10)).isEmpty();
        assertThat(letters.body(new Id("b"))).isEmpty();
    }

    @Test
    void canDropWhenRedisIsFull() {
        letters.record(letter("a", 1), BODY, PLENTY);
        chat.raw().configSet("maxmemory", "1");
        try {
            assertThat(letters.drop(new Id("a"))).isTrue();
        } finally {
            chat.raw().configSet("maxmemory", "0");
        }
        assertThat(letters.count()).isZero();
    }

    @Test
    void forgetsTheLettersOfAConversationThatIsDeleted() {
        chat.send("m1", null, "Hello");
        letters.record(letter("mine", 1, 1, chat.reply("r-m1")), BODY, PLENTY);
        ReplyName other = new HistoryFixture().reply("r-m1");
        letters.record(letter("other", 2, 1, other), BODY, PLENTY);
        letters.record(letter("unknown", 3), BODY, PLENTY);

        chat.store.delete(chat.name);

        assertThat(letters.newest(10)).extracting(letter -> letter.id().value()).containsExactly("unknown", "other");
        assertThat(letters.body(new Id("mine"))).isEmpty();
    }

    private static DeadLetter letter(String id, int second) {
        return letter(id, second, 1, null);
    }

    private static DeadLetter letter(String id, int second, int tries, @Nullable ReplyName reply) {
        return new DeadLetter(
                new Id(id),
                Instant.parse("2026-11-23T10:15:30Z").plusSeconds(second),
                "reply.requested",
                "r/1/0",
                reply,
                reply == null ? null : 1,
                "assistant.requests",
                "chat.requests",
                "any",
                "delivery_limit",
                tries,
                BODY.length,
                true);
    }
}
