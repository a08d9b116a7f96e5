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
 * left out, and whatever hangs on nothing, or on itself, is told of.
 */
final class MessageTree {
    private static final int LONGEST_MODEL = 200;

    private final Format.Note note;
    private final Instant otherwise;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, List<Node>> children = new HashMap<>();
    private final Set<String> shown = new HashSet<>();

    private MessageTree(Draft draft, Instant otherwise, Format.Note note) {
        this.note = note;
        this.otherwise = otherwise;
        for (Node node : draft.nodes()) {
            if (node.id().isEmpty() || nodes.putIfAbsent(node.id(), node) != null) {
                note.add("a message without an id of its own");
            }
        }
        for (Node node : nodes.values()) {
            children.computeIfAbsent(parentOf(node), parent -> new ArrayList<>())
                    .add(node);
        }
        Node current = nodes.get(draft.currentId());
        while (current != null && shown.add(current.id())) {
            current = nodes.get(current.parentId());
        }
    }

    /**
     * Puts the messages of a file in order. Where all stand after the one that they follow, that order stays; else each
     * is followed by its versions, the one that was shown last.
     *
     * @param otherwise when something was said of which the file does not tell it
     */
    static List<ImportedMessage> of(Draft draft, Instant otherwise, Format.Note note) {
        MessageTree tree = new MessageTree(draft, otherwise, note);
        boolean keeps = draft.source() == Draft.Source.PARLEY && tree.isOrdered();
        return tree.messages(keeps ? List.copyOf(tree.nodes.values()) : tree.walk());
    }

    private String parentOf(Node node) {
        if (node.parentId().isEmpty() || nodes.containsKey(node.parentId())) {
            return node.parentId();
        }
        note.add("a message that follows one which is not there: it begins anew");
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
            note.add("a message that follows itself");
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
        Map<String, Id> ids = new HashMap<>();
        List<ImportedMessage> messages = new ArrayList<>(order.size());
        for (Node node : order) {
            String above = visible.getOrDefault(node.parentId(), "");
            Said said = node.said();
            if (said == null) {
                visible.put(node.id(), above);
                continue;
            }
            Instant at = said.createdAt() == null ? times.getOrDefault(above, otherwise) : said.createdAt();
            Id id = Id.isValid(node.id()) ? new Id(node.id()) : DerivedIds.of("message", node.id());
            visible.put(node.id(), node.id());
            times.put(node.id(), at);
            ids.put(node.id(), id);
            messages.add(message(id, ids.get(above), said, at));
        }
        return withReplies(messages);
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
                        ? with(message, replies.getOrDefault(message.id(), List.of()))
                        : message)
                .toList();
    }

    private static ImportedMessage with(ImportedMessage message, List<Id> replies) {
        Id replyId = message.replyId() != null && replies.contains(message.replyId())
                ? message.replyId()
                : replies.isEmpty() ? null : replies.getFirst();
        return new ImportedMessage(
                message.id(),
                message.parentId(),
                message.role(),
                message.text(),
                message.status(),
                message.createdAt(),
                replyId,
                null,
                null,
                null);
    }
}
