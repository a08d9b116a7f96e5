package chat.parley.conversation.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chat.parley.conversation.history.RawJson;
import chat.parley.conversation.live.ClientFrame.Cancel;
import chat.parley.conversation.live.ClientFrame.Ping;
import chat.parley.conversation.live.ClientFrame.Regenerate;
import chat.parley.conversation.live.ClientFrame.Send;
import chat.parley.conversation.live.ClientFrame.Subscribe;
import chat.parley.conversation.live.ClientFrame.Unsubscribe;
import chat.parley.events.Id;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FrameCodecTest {
    private static final Id C = new Id("c");
    private static final RawJson R = new RawJson("\"r\"");

    private final FrameCodec codec = new FrameCodec(JsonMapper.builder().build());

    @Test
    void readsEachFrameOfTheProtocol() throws MalformedFrameException {
        assertThat(codec.decode("{'type':'subscribe','id':'r','conversationId':'c'}".replace('\'', '"')))
                .isEqualTo(new Subscribe(R, C, null, null));
        assertThat(decode("{'type':'subscribe','id':'r','conversationId':'c','after':'7.ab','limit':20}"))
                .isEqualTo(new Subscribe(R, C, "7.ab", 20));
        assertThat(decode("{'type':'unsubscribe','id':'r','conversationId':'c'}"))
                .isEqualTo(new Unsubscribe(R, C));
        assertThat(decode("{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':null,'text':'Hi'}"))
                .isEqualTo(new Send(R, C, new Id("m"), null, "Hi", null, null));
        assertThat(decode("{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':'p','text':'Hi',"
                        + "'model':'gpt','replyId':'y'}"))
                .isEqualTo(new Send(R, C, new Id("m"), new Id("p"), "Hi", "gpt", new Id("y")));
        assertThat(decode("{'type':'regenerate','id':'r','conversationId':'c','messageId':'m','replyId':'y'}"))
                .isEqualTo(new Regenerate(R, C, new Id("m"), new Id("y")));
        assertThat(decode("{'type':'cancel','id':'r','conversationId':'c','replyId':'y'}"))
                .isEqualTo(new Cancel(R, C, new Id("y")));
        assertThat(decode("{'type':'ping','id':'r'}")).isEqualTo(new Ping(R));
    }

    @Test
    void ignoresMembersThatItDoesNotKnow() throws MalformedFrameException {
        assertThat(decode("{'type':'ping','id':'r','later':{'a':[1]}}")).isEqualTo(new Ping(R));
    }

    @Test
    void givesANumberBackAsANumber() throws MalformedFrameException {
        assertThat(decode("{'type':'ping','id':17}")).isEqualTo(new Ping(new RawJson("17")));
        assertThat(codec.encode(new ServerFrame.Pong(new RawJson("17")))).isEqualTo("{\"type\":\"pong\",\"re\":17}");
    }

    @Test
    void takesNoIdThatCouldNotBeSentBack() {
        for (String id : new String[] {"\\ud83d", "a\\udd42", "\\udd42\\ud83d"}) {
            String frame = "{'type':'ping','id':'" + id + "'}";
            assertThat(catchThrowableOfType(MalformedFrameException.class, () -> decode(frame))
                            .re())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "'text'",
                "null",
                "7",
                "{'type':'ping','id':'r'",
                "{'type':'ping','id':'r'} {}",
                "{'type':'ping'}",
                "{'type':'ping','id':null}",
                "{'type':'ping','id':{}}",
                "{'type':'ping','id':1.5}",
                "{'type':'ping','id':true}"
            })
    void refusesWhatHasNoReadableId(String frame) {
        assertThat(refusal(frame)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'r'}",
                "{'type':7,'id':'r'}",
                "{'type':'dance','id':'r'}",
                "{'type':'subscribe','id':'r'}",
                "{'type':'subscribe','id':'r','conversationId':7}",
                "{'type':'subscribe','id':'r','conversationId':''}",
                "{'type':'subscribe','id':'r','conversationId':'a/b'}",
                "{'type':'subscribe','id':'r','conversationId':'c','after':7}",
                "{'type':'subscribe','id':'r','conversationId':'c','limit':'7'}",
                "{'type':'subscribe','id':'r','conversationId':'c','limit':-1}",
                "{'type':'subscribe','id':'r','conversationId':'c','limit':1.5}",
                "{'type':'send','id':'r','conversationId':'c','messageId':'m','text':'no parent'}",
                "{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':null}",
                "{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':null,'text':null}",
                "{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':7,'text':'Hi'}",
                "{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':null,'text':'Hi','model':7}",
                "{'type':'regenerate','id':'r','conversationId':'c','messageId':'m'}",
                "{'type':'cancel','id':'r','conversationId':'c'}"
            })
    void refusesAWrongMemberAndSaysOfWhichFrame(String frame) {
        assertThat(refusal(frame)).contains(R);
    }

    @Test
    void refusesDeepJson() {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);

        assertThat(refusal("{'type':'ping','id':'r','x':" + deep + "}")).isEmpty();
    }

    @Test
    void refusesAnIdThatIsTooLongToGiveBack() {
        assertThat(refusal("{'type':'ping','id':'" + "r".repeat(129) + "'}")).isEmpty();
    }

    @Test
    void replacesHalvesOfSurrogatePairsAndLeavesWholeOnes() throws MalformedFrameException {
        String frame = "{'type':'send','id':'r','conversationId':'c','messageId':'m','parentId':null,"
                + "'text':'a\\ud83db\\udc4dc\\ud83d\\udc4dd\\ud83d'}";

        assertThat(((Send) decode(frame)).text()).isEqualTo("a\ufffdb\ufffdc\ud83d\udc4dd\ufffd");
    }

    @Test
    void saysWhatAnErrorLacks() {
        assertThat(codec.encode(new ServerFrame.Refused(null, "bad_frame", "No.", false, null, null)))
                .isEqualTo("{\"type\":\"error\",\"code\":\"bad_frame\",\"message\":\"No.\",\"retryable\":false}");
        assertThat(codec.encode(new ServerFrame.Refused(R, "rate_limited", "Wait.", true, 500L, "daily_tokens")))
                .isEqualTo("{\"type\":\"error\",\"re\":\"r\",\"code\":\"rate_limited\",\"message\":\"Wait.\","
                        + "\"retryable\":true,\"retryAfterMs\":500,\"cause\":\"daily_tokens\"}");
    }

    private ClientFrame decode(String frame) throws MalformedFrameException {
        return codec.decode(frame.replace('\'', '"'));
    }

    private Optional<RawJson> refusal(String frame) {
        return catchThrowableOfType(MalformedFrameException.class, () -> decode(frame))
                .re();
    }
}
