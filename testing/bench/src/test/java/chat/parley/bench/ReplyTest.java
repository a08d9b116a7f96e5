package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.stub.StubReply;
import chat.parley.stub.StubReply.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {
    @Test
    void hasAboutSoManyCharacters() {
        Reply reply = Reply.ofCharacters(4000, 50);

        String text = StubReply.of(List.of(new Message("user", "Another question")), reply.tokens())
                .text();
        assertThat(text.length()).isBetween(3800, 4200);
    }

    @Test
    void takesTheModelFromItsFirstTokenToItsLast() {
        assertThat(new Reply(201, 20).modelsOwnTime()).isEqualTo(Duration.ofSeconds(10));
    }
}
