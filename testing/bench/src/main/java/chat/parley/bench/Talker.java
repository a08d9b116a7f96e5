package chat.parley.bench;

import chat.parley.e2e.client.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** A guest with one socket who does one thing after the other, and waits for each. */
final class Talker implements LeanSocket.Listener, AutoCloseable {
    private final Session session;
    private final LeanSockets sockets = new LeanSockets();
    private final Answers answers = new Answers("\"welcome\"");
    private final LeanSocket socket;

    Talker(URI page) throws IOException, InterruptedException {
        session = Session.open(page);
        socket = sockets.open(
                new InetSocketAddress(page.getHost(), page.getPort()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                session.cookie().orElseThrow(),
                this);
        String _ = answers.first();
    }

    Session session() {
        return session;
    }

    /** Asks so many questions in a new conversation, each after the answer to the one before. */
    Conversation talk(int questions, String question) throws InterruptedException {
        Conversation conversation = Conversation.random();
        String _ = subscribe(conversation, "");
        for (int i = 0; i < questions; i++) {
            String _ = request(conversation.ask(i, question), "\"reply.completed\"");
        }
        String _ = request(conversation.unsubscribe(), "\"ok\"");
        return conversation;
    }

    /**
     * Looks at a conversation anew, and returns what it was told.
     *
     * @param members more members of the frame, each after a comma
     */
    String subscribe(Conversation conversation, String members) throws InterruptedException {
        return request(conversation.subscribe(members), "\"subscribed\"");
    }

    private String request(String frame, String answerHolds) throws InterruptedException {
        return answers.to(() -> socket.send(frame), answerHolds);
    }

    @Override
    public void text(LeanSocket from, String text) {
        if (text.contains("\"reply.failed\"") || text.startsWith("{\"type\":\"error\"")) {
            answers.fail(text);
        } else {
            answers.heard(text);
        }
    }

    @Override
    public void ended(String why) {
        answers.fail(why);
    }

    @Override
    public void close() throws IOException {
        sockets.close();
    }
}
