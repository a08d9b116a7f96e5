package chat.parley.conversation.reply;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.Offer.Entry;
import chat.parley.conversation.history.ReplyStore.Offered;
import chat.parley.conversation.reply.QueuePlaces.Place;
import chat.parley.events.Id;
import chat.parley.events.ReplyName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueuePlacesTest {
    private static final Id ANN = new Id("ann");
    private static final Id BOB = new Id("bob");

    @Test
    void ranksOverAllShardsByWhenTheBrokerConfirmed() {
        List<Offered> offered =
                List.of(offered(ANN, "a", 30), offered(ANN, "b", 50), offered(BOB, "a", 20), offered(BOB, "b", 40));

        assertThat(QueuePlaces.places(offered, Map.of()))
                .containsOnly(
                        Map.entry(new ConversationName(BOB, new Id("a")), new Place(new Id("r"), 0)),
                        Map.entry(new ConversationName(ANN, new Id("a")), new Place(new Id("r"), 1)),
                        Map.entry(new ConversationName(BOB, new Id("b")), new Place(new Id("r"), 2)),
                        Map.entry(new ConversationName(ANN, new Id("b")), new Place(new Id("r"), 3)));
    }

    @Test
    void putsWhatIsHeldBehindTheLineAndWhatItsOwnerHasAskedForBefore() {
        List<Offered> offered = List.of(offered(ANN, "a", 30), offered(BOB, "a", 20));

        Map<ConversationName, Place> places = QueuePlaces.places(
                offered, Map.of(ANN, List.of(entry(ANN, "x"), entry(ANN, "y")), BOB, List.of(entry(BOB, "x"))));

        assertThat(places)
                .containsEntry(new ConversationName(ANN, new Id("x")), new Place(new Id("r"), 2))
                .containsEntry(new ConversationName(ANN, new Id("y")), new Place(new Id("r"), 3))
                .containsEntry(new ConversationName(BOB, new Id("x")), new Place(new Id("r"), 2));
    }

    private static Offered offered(Id user, String conversationId, long confirmedAt) {
        return new Offered(entry(user, conversationId), Instant.ofEpochMilli(confirmedAt));
    }

    private static Entry entry(Id user, String conversationId) {
        return new Entry(new ReplyName(user, new Id(conversationId), new Id("r")), 1);
    }
}
