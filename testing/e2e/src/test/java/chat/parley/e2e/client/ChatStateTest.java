package chat.parley.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checker that lets everything pass would be worse than none. */
class ChatStateTest {
    private static final String AT = "2026-01-01T00:00:00Z";

    private final ChatState state = new ChatState("c");
    private long seq;

    private void on(String event) {
        seq++;
        frame("'seq':%d,'cursor':'%d.x'".formatted(seq, seq), event);
    }

    private void frame(String position, String event) {
        state.event(
                json("{'type':'event','conversationId':'c',%s,'at':'%s','event':%s}".formatted(position, AT, event)));
    }

    private static tools.jackson.databind.JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    private static String question(String id, String parent) {
        return "{'type':'message.created','message':{'id':'%s','parentId':%s,'role':'user','text':'?','status':'complete','createdAt':'%s'}}"
                .formatted(id, parent, AT);
    }

    private static String queued(String reply, String parent) {
        return "{'type':'reply.queued','replyId':'%s','messageId':'%s','parentId':'%s'}"
                .formatted(reply, reply, parent);
    }

    private static String started(String reply, int attempt) {
        return "{'type':'reply.started','replyId':'%s','attempt':%d,'model':'m'}".formatted(reply, attempt);
    }

    private static String delta(String reply, int attempt, int offset, String text) {
        return "{'type':'reply.delta','replyId':'%s','attempt':%d,'offset':%d,'text':'%s'}"
                .formatted(reply, attempt, offset, text);
    }

    private static String answer(String reply, String parent, String text, String status) {
        return "{'id':'%s','parentId':'%s','role':'assistant','text':'%s','status':'%s','createdAt':'%s','replyId':'%s'}"
                .formatted(reply, parent, text, status, AT, reply);
    }

    private static String completed(String reply, String parent, String text) {
        return "{'type':'reply.completed','replyId':'%s','message':%s}"
                .formatted(reply, answer(reply, parent, text, "complete"));
    }

    private static String cancelled(String reply, String parent, String text) {
        return "{'type':'reply.cancelled','replyId':'%s','message':%s}"
                .formatted(reply, answer(reply, parent, text, "cancelled"));
    }

    private void streaming() {
        on(question("q", "null"));
        on(queued("r", "q"));
        on(started("r", 1));
        on(delta("r", 1, 0, "Hello"));
    }

    @Test
    void followsAReplyFromItsQuestionToItsEnd() {
        streaming();
        on("{'type':'reply.retrying','replyId':'r','attempt':1,'code':'timeout','retryAt':'" + AT + "'}");
        assertThat(state.open().get("r").text()).isEqualTo("Hello");
        on(started("r", 2));
        on(delta("r", 2, 0, "Good"));
        frame("'from':8,'seq':8,'cursor':'8.x'", delta("r", 2, 4, " day"));
        seq = 8;
        on("{'type':'something.new'}");
        on(completed("r", "q", "Good day!"));

        assertThat(state.open()).isEmpty();
        assertThat(state.messages().get("r").text()).isEqualTo("Good day!");
        assertThat(state.cursor()).isEqualTo("10.x");
    }

    @Test
    void takesMergedDeltasThatGoOnFromTheLastPosition() {
        streaming();
        frame("'from':5,'seq':9,'cursor':'9.x'", delta("r", 1, 5, " there"));

        assertThat(state.seq()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'seq':4", "'seq':6", "'from':4,'seq':5", "'from':6,'seq':7", "'from':6,'seq':5"})
    void refusesAGapAndARepeat(String position) {
        streaming();

        assertThatThrownBy(() -> frame(position + ",'cursor':'x'", delta("r", 1, 5, "!")))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesToMergeAnythingButDeltas() {
        streaming();

        assertThatThrownBy(() -> frame("'from':5,'seq':6,'cursor':'x'", completed("r", "q", "Hello")))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesADeltaAtAnotherOffsetOrOfAnotherAttempt() {
        streaming();

        assertThatThrownBy(() -> on(delta("r", 1, 4, "!"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(delta("r", 2, 5, "!"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(delta("r", 1, 5, ""))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(delta("r", 1, 5, "\ud83d"))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesAnAttemptThatIsNotNewer() {
        streaming();

        assertThatThrownBy(() -> on(started("r", 1))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesASecondEnd() {
        streaming();
        on(completed("r", "q", "Hello"));

        assertThatThrownBy(() -> on(completed("r", "q", "Hello"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(queued("r", "q"))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesAnEndThatTakesWordsBackOrAddsToWhatWasStopped() {
        streaming();

        assertThatThrownBy(() -> on(completed("r", "q", "Hell"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(cancelled("r", "q", "Hello!"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatCode(() -> on(cancelled("r", "q", "Hello"))).doesNotThrowAnyException();
    }

    @Test
    void refusesAnAnswerOutOfTurn() {
        streaming();
        on(question("q2", "'r'"));
        on(queued("r2", "q2"));

        assertThatThrownBy(() -> on(started("r2", 1))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatCode(() -> on(cancelled("r2", "q2", ""))).doesNotThrowAnyException();
    }

    @Test
    void refusesAMessageTwiceOrWithoutItsParent() {
        streaming();

        assertThatThrownBy(() -> on(question("q", "null"))).isInstanceOf(ProtocolViolation.class);
        seq--;
        assertThatThrownBy(() -> on(question("q3", "'nobody'"))).isInstanceOf(ProtocolViolation.class);
    }

    private static String snapshot(long seq, String messages, String replies) {
        return "{'conversation':{},'seq':%d,'cursor':'%d.x','messages':[%s],'replies':[%s]}"
                .formatted(seq, seq, messages, replies);
    }

    private static final String QUESTION =
            "{'id':'q','parentId':null,'role':'user','text':'?','status':'complete','createdAt':'" + AT + "'}";

    private static String open(String text) {
        return "{'replyId':'r','messageId':'r','parentId':'q','attempt':1,'state':'streaming','text':'" + text + "'}";
    }

    private void subscribed(String snapshot) {
        state.subscribed(json(
                "{'type':'subscribed','conversationId':'c','seq':%s,'cursor':'%s.x','recovered':false,'snapshot':%s}"
                        .formatted(seq, seq, snapshot)));
    }

    @Test
    void takesALaterSnapshotAndSeesThatItShowsTheSame() {
        streaming();
        assertThat(state.differences(json(snapshot(4, QUESTION, open("Hello")))))
                .isEmpty();
        assertThat(state.differences(json(snapshot(4, QUESTION, open("Hell"))))).hasSize(1);
        assertThat(state.differences(json(snapshot(4, "", "")))).hasSize(2);

        seq = 6;
        subscribed(snapshot(6, QUESTION, open("Hello you")));

        assertThat(state.open().get("r").text()).isEqualTo("Hello you");
        assertThat(state.rewinds()).isZero();
    }

    @Test
    void refusesALaterSnapshotThatForgotSomething() {
        streaming();
        seq = 6;

        assertThatThrownBy(() -> subscribed(snapshot(6, "", ""))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> subscribed(snapshot(6, QUESTION, ""))).isInstanceOf(ProtocolViolation.class);
        assertThatThrownBy(() -> subscribed(snapshot(6, QUESTION, open("Bye")))).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void countsASnapshotOfAnOlderStore() {
        streaming();
        seq = 2;
        subscribed(snapshot(2, QUESTION, ""));

        assertThat(state.rewinds()).isEqualTo(1);
    }

    @Test
    void refusesToResumeElsewhereThanWhereItWas() {
        streaming();

        assertThatThrownBy(() -> state.subscribed(
                        json("{'type':'subscribed','conversationId':'c','seq':3,'cursor':'3.x','recovered':true}")))
                .isInstanceOf(ProtocolViolation.class);
    }
}
