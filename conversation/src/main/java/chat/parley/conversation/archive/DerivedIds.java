package chat.parley.conversation.archive;

import chat.parley.conversation.history.ImportedMessage;
import chat.parley.events.Id;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Ids that follow from where something comes from, so that the same file makes the same ones. */
final class DerivedIds {
    private DerivedIds() {}

    static Id of(String... origin) {
        MessageDigest digest = sha256();
        for (String part : origin) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
            digest.update(bytes);
        }
        return new Id(Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest()));
    }

    /**
     * The names that a conversation may get, the first that was not deleted first: ours keeps its own.
     *
     * @param messages stand for its name if it has none
     * @param count how many names
     */
    static List<Id> of(Draft draft, List<ImportedMessage> messages, int count) {
        String name = draft.id().isEmpty() ? fingerprint(messages) : draft.id();
        List<Id> ids = new ArrayList<>(count);
        for (int turn = 0; turn < count; turn++) {
            boolean own = draft.source() == Draft.Source.PARLEY && turn == 0 && Id.isValid(name);
            ids.add(own ? new Id(name) : of(draft.source().name(), name, Integer.toString(turn)));
        }
        return ids;
    }

    private static String fingerprint(List<ImportedMessage> messages) {
        return of(messages.stream()
                        .flatMap(message -> List.of(message.id().value(), message.text()).stream())
                        .toArray(String[]::new))
                .value();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
