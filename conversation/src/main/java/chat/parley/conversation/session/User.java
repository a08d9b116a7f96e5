package chat.parley.conversation.session;

import chat.parley.events.Id;

/**
 * Who is asking, in the protocol's form.
 *
 * @param guest whether nobody has signed in
 */
public record User(Id id, String name, boolean guest) {
    static User guest(Id id) {
        return new User(id, "Guest", true);
    }
}
