package chat.parley.conversation.archive;

import chat.parley.conversation.archive.Draft.Node;
import chat.parley.conversation.archive.Draft.Said;
import chat.parley.conversation.history.ImportedMessage;
import chat.parley.events.Id;
import chat.parley.events.Role;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of messages of what a file tells: each stands after the one that it follows, steps that no one sees are
 * left out, and whatever hangs on nothing, or on itself, is told of. Nodes go by the ids under which they are kept, so
 * no two messages get the same one, whatever a file calls them.
 */
final class MessageTree {
    private static final int LONGEST_MODEL = 200;

    private final Format.Note note;
    private final Instant now;
    /** When something was said of which the file does not tell it. */
    private final Instant otherwise;

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, List<Node>> children = new HashMap<>();
    private final Set<String> shown = new HashSet<>();

    private MessageTree(Draft draft, Instant now, Format.Note note) {
        this.note = note;
        this.now = now;
        this.otherwise = notAhead(
                draft.createdAt() != null ? draft.createdAt() : draft.updatedAt() != null ? draft.updatedAt() : now);
        for (Node node : draft.nodes()) {
            String id = kept(node.id());
            Node own = new Node(id, kept(node.parentId()), node.said());
            if (id.isEmpty() || nodes.putIfAbsent(id, own) != null) {
                note.add(Remark.NO_ID);
            }
        }
        for (Node node : nodes.values()) {
            children.computeIfAbsent(parentOf(node), parent -> new ArrayList<>())
                    .add(node);
        }
        Node current = nodes.get(kept(draft.currentId()));
        while (current != null && shown.add(current.id())) {
            current = nodes.get(current.parentId());
        }
    }

    /**
     * Puts the messages of a file in order. Where all stand after the one that they follow, that order stays; else each
     * is followed by its versions, the one that was shown last, and no older than they are: the newest is shown here.
     *
     * @param now no message has a later time
     */
    static List<ImportedMessage> of(Draft draft, Instant now, Format.Note note) {
        MessageTree tree = new MessageTree(draft, now, note);
        boolean keeps = draft.source() == Draft.Source.PARLEY && tree.isOrdered();
        return withReplies(tree.withShown(tree.messages(keeps ? List.copyOf(tree.nodes.values()) : tree.walk())));
    }

    /** The id under which a node is kept, as text; empty if it has none. */
    private static String kept(String id) {
        return id.isEmpty() || Id.isValid(id)
                ? id
                : DerivedIds.of("message", id).value();
    }

    private Instant notAhead(Instant time) {
        return time.isAfter(now) ? now : time;
    }

    private String parentOf(Node node) {
        if (node.parentId().isEmpty() || nodes.containsKey(node.parentId())) {
            return node.parentId();
        }
        note.add(Remark.NO_PARENT);
        return "";
    }

    private boolean isOrdered() {
        Set<String> before = new HashSet<>();
        for (Node node : nodes.values()) {
            if (nodes.containsKey(node.parentId()) && !before.contains(node.parentId())) {
                return false;
            }
            before.add(node.id());
        }
        return true;
    }

    private List<Node> walk() {
        List<Node> walked = new ArrayList<>(nodes.size());
        Deque<Node> open = new ArrayDeque<>();
        push(open, "");
        while (!open.isEmpty()) {
            Node node = open.pop();
            walked.add(node);
            push(open, node.id());
        }
        for (int lost = walked.size(); lost < nodes.size(); lost++) {
            note.add(Remark.CYCLE);
        }
        return walked;
    }

    private void push(Deque<Node> open, String parent) {
        List<Node> among = new ArrayList<>(children.getOrDefault(parent, List.of()));
        among.sort(
                Comparator.comparing((Node node) -> shown.contains(node.id())).thenComparing(this::time));
        among.reversed().forEach(open::push);
    }

    private Instant time(Node node) {
        Said said = node.said();
        Instant at = said == null ? null : said.createdAt();
        return at == null ? Instant.MIN : at;
    }

    /** @param order each node after its parent */
    private List<ImportedMessage> messages(List<Node> order) {
        Map<String, String> visible = new HashMap<>();
        Map<String, Instant> times = new HashMap<>();
        List<ImportedMessage> messages = new ArrayList<>(order.size());
        for (Node node : order) {
            String above = visible.getOrDefault(node.parentId(), "");
            Said said = node.said();
            if (said == null) {
                visible.put(node.id(), above);
                continue;
            }
            Instant at = said.createdAt() == null ? times.getOrDefault(above, otherwise) : notAhead(said.createdAt());
            if (said.createdAt() != null && said.createdAt().isAfter(now)) {
                note.add(Remark.MESSAGE_IN_FUTURE);
            }
            visible.put(node.id(), node.id());
            times.put(node.id(), at);
            messages.add(message(new Id(node.id()), above.isEmpty() ? null : new Id(above), said, at));
        }
        return messages;
    }

    /** What was shown gets the time of the newest of its versions, if that is later than its own. */
    private List<ImportedMessage> withShown(List<ImportedMessage> messages) {
        Map<String, Instant> newest = new HashMap<>();
        for (ImportedMessage message : messages) {
            newest.merge(parent(message), message.createdAt(), (one, other) -> one.isAfter(other) ? one : other);
        }
        return messages.stream()
                .map(message -> shown.contains(message.id().value())
                        ? with(message, newest.getOrDefault(parent(message), message.createdAt()), message.replyId())
                        : message)
                .toList();
    }

    private static String parent(ImportedMessage message) {
        return message.parentId() == null ? "" : message.parentId().value();
    }

    private ImportedMessage message(Id id, @Nullable Id parent, Said said, Instant at) {
        boolean answer = said.role() == Role.ASSISTANT;
        boolean named = answer && !said.model().isEmpty() && said.model().length() <= LONGEST_MODEL;
        return new ImportedMessage(
                id,
                parent,
                said.role(),
                said.text(),
                said.status(),
                at,
                answer ? id : Id.isValid(said.replyId()) ? new Id(said.replyId()) : null,
                named ? said.model() : null,
                said.usage(),
                said.error());
    }

    /** A question names one of the replies that it has, or none. */
    private static List<ImportedMessage> withReplies(List<ImportedMessage> messages) {
        Map<Id, List<Id>> replies = new HashMap<>();
        for (ImportedMessage message : messages) {
            if (message.role() == Role.ASSISTANT && message.parentId() != null) {
                replies.computeIfAbsent(message.parentId(), parent -> new ArrayList<>())
                        .add(message.id());
            }
        }
        return messages.stream()
                .map(message -> message.role() == Role.USER
                        ? with(
                                message,
                                message.createdAt(),
                                reply(message, replies.getOrDefault(message.id(), List.of())))
                        : message)
                .toList();
    }

    private static @Nullable Id reply(ImportedMessage message, List<Id> replies) {
        if (message.replyId() != null && replies.contains(message.replyId())) {
            return message.replyId();
        }
        return replies.isEmpty() ? null : replies.getFirst();
    }

    private static ImportedMessage with(ImportedMessage message, Instant createdAt, @Nullable Id replyId) {
        return new ImportedMessage(
                message.id(),
                message.parentId(),
                message.role(),
                message.text(),
                message.status(),
                createdAt,
                replyId,
                message.model(),
                message.usage(),
                message.error());
    }
}
