package chat.parley.conversation.search;

import chat.parley.conversation.history.Cursor;
import chat.parley.conversation.history.MessageTexts;
import chat.parley.conversation.history.MessageTexts.Head;
import chat.parley.conversation.history.MessageTexts.Text;
import chat.parley.events.Id;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The index of one user's messages, and how far into each conversation it reaches. Used by one thread at a time. */
final class PersonIndex implements AutoCloseable {
    /** How many messages are read at once, so that no answer of Redis holds up others. */
    private static final int PIECE = 100;
    /** What is known of a conversation, besides its messages, in bytes. */
    private static final long BYTES_OF_CONVERSATION = 500;

    /** How much is added between two looks at what the index takes, in UTF-16 units. */
    private static final int STRETCH = 50_000;
    /** How many conversations are asked at once for what is in them. */
    private static final int CONVERSATIONS = 50;
    /** What an index takes beside what Lucene counts, in bytes. */
    private static final long BYTES_OF_INDEX = 40_000;

    private final MessageTexts texts;
    private final int mostText;
    private final long mostBytes;
    private final Map<Id, Indexed> conversations = new HashMap<>();
    private MessageIndex index = new MessageIndex();
    /** What was in it when it was filled last. */
    private long unitsAtFirst;

    private long measured;
    /** Text that was added since then, in UTF-16 units. */
    private long sinceMeasured;

    /**
     * An empty one.
     *
     * @param mostText about how much text it takes up, in UTF-16 units; of more than that the first conversations
     * @param mostBytes about how much memory it may take
     */
    PersonIndex(MessageTexts texts, int mostText, long mostBytes) throws IOException {
        this.texts = texts;
        this.mostText = mostText;
        this.mostBytes = mostBytes;
    }

    /**
     * A conversation whose messages are in the index.
     *
     * @param at the position up to which they are
     * @param units of their texts
     * @param whole false if older ones are not in it
     */
    private record Indexed(Cursor at, String title, long units, boolean whole) {}

    /**
     * Takes up what has changed since the last time. Reads no message if nothing has.
     *
     * @param heads all conversations as they stand
     * @throws chat.parley.conversation.history.RefusedException UNAVAILABLE if Redis gave no answer in time; what was
     *     taken up until then may be half of a conversation, and this is to be closed
     */
    void refresh(List<Head> heads) throws IOException {
        removeAllBut(heads);
        // What was left out may find room now.
        if (!isComplete() && units() < unitsAtFirst - slack()) {
            clear();
        }
        if (conversations.isEmpty() || !addChanges(heads)) {
            clear();
            addNewest(heads);
        }
        index.refresh();
    }

    /**
     * How much may come before all begins anew with the newest: or each message of whoever is at the limit would do
     * that.
     */
    private long slack() {
        return mostText / 4;
    }

    private void clear() throws IOException {
        index.close();
        conversations.clear();
        index = new MessageIndex();
        measured = 0;
    }

    private void removeAllBut(List<Head> heads) throws IOException {
        Set<Id> gone = new HashSet<>(conversations.keySet());
        for (Head head : heads) {
            gone.remove(head.name().conversationId());
        }
        for (Id conversationId : gone) {
            index.remove(conversationId);
            conversations.remove(conversationId);
        }
    }

    /** Fills an empty index, until there is no more room. */
    private void addNewest(List<Head> heads) throws IOException {
        long room = mostText;
        boolean full = false;
        for (int from = 0; from < heads.size(); from += CONVERSATIONS) {
            List<Head> some = heads.subList(from, Math.min(heads.size(), from + CONVERSATIONS));
            List<List<Id>> ids =
                    full ? List.of() : texts.all(some.stream().map(Head::name).toList());
            for (int i = 0; i < some.size(); i++) {
                Head head = some.get(i);
                // What comes later is to find room, too.
                Indexed added = full
                        ? new Indexed(head.newest(), head.title(), 0, false)
                        : add(head, ids.get(i), true, room, mostBytes / 4 * 3);
                room -= added.units();
                full = full || !added.whole();
                conversations.put(head.name().conversationId(), added);
            }
        }
        unitsAtFirst = units();
    }

    /** @return false if there is no room for them */
    private boolean addChanges(List<Head> heads) throws IOException {
        long room = mostText + slack() - units();
        for (Head head : heads) {
            Id conversationId = head.name().conversationId();
            Indexed known = conversations.get(conversationId);
            Indexed now;
            if (known == null) {
                now = add(head, texts.after(head.name(), 0), true, room, mostBytes);
                room -= now.units();
            } else if (known.at().equals(head.newest())) {
                now = new Indexed(known.at(), head.title(), known.units(), known.whole());
            } else if (texts.continues(head.name(), known.at())) {
                Indexed more = add(head, texts.after(head.name(), known.at().seq()), false, room, mostBytes);
                room -= more.units();
                if (!more.whole()) {
                    return false;
                }
                now = new Indexed(more.at(), more.title(), known.units() + more.units(), known.whole());
            } else {
                index.remove(conversationId);
                room += known.units();
                now = add(head, texts.after(head.name(), 0), true, room, mostBytes);
                room -= now.units();
            }
            if (!now.whole() && (known == null || known.whole())) {
                return false;
            }
            conversations.put(conversationId, now);
        }
        return true;
    }

    /**
     * Adds messages of a conversation, newest first; from the first that finds no room all are left out.
     *
     * @param isNew whether none of them can be there already
     */
    private Indexed add(Head head, List<Id> ids, boolean isNew, long room, long most) throws IOException {
        Id conversationId = head.name().conversationId();
        long units = 0;
        for (int from = 0; from < ids.size(); from += PIECE) {
            for (Text text : texts.read(head.name(), ids.subList(from, Math.min(ids.size(), from + PIECE)))) {
                if (units + text.text().length() > room || bytesAbout() > most) {
                    return new Indexed(head.newest(), head.title(), units, false);
                }
                if (isNew) {
                    index.add(conversationId, text);
                } else {
                    // It may have been stored between the look at its conversation and the one at its messages.
                    index.replace(conversationId, text);
                }
                units += text.text().length();
                sinceMeasured += text.text().length();
            }
        }
        return new Indexed(head.newest(), head.title(), units, true);
    }

    /** What the index takes, measured now and then: the same text may be a letter or a word for each character. */
    private long bytesAbout() throws IOException {
        if (sinceMeasured > STRETCH) {
            sinceMeasured = 0;
            measured = index.bytes();
        }
        return measured;
    }

    /**
     * Finds messages as of the last {@link #refresh}, newest first.
     *
     * @throws chat.parley.conversation.history.RefusedException UNAVAILABLE if that takes until the end
     */
    List<Hit> search(Wanted wanted, int most, Deadline end) throws IOException {
        return index.search(wanted, most, end).stream()
                .map(match -> new Hit(
                        match.conversationId(),
                        match.messageId(),
                        title(match.conversationId()),
                        match.excerpt().text(),
                        match.excerpt().marks()))
                .toList();
    }

    private String title(Id conversationId) {
        Indexed conversation = conversations.get(conversationId);
        return conversation == null ? "" : conversation.title();
    }

    /** Whether all messages are in the index. */
    boolean isComplete() {
        return conversations.values().stream().allMatch(Indexed::whole);
    }

    private long units() {
        return conversations.values().stream().mapToLong(Indexed::units).sum();
    }

    /** What it takes, in bytes. */
    long bytes() throws IOException {
        return BYTES_OF_INDEX + index.bytes() + BYTES_OF_CONVERSATION * conversations.size();
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
