package chat.parley.conversation.session;

import chat.parley.events.Id;

/**
 * Who is asking, in the protocol's form.
 *
 * @param name of whoever has signed in, as the provider says it, at most 80 characters
 * @param guest whether nobody has signed in
 */
public record User(Id id, String name, boolean guest) {
    static User guest(Id id) {
        return new User(id, "Guest", true);
    }
}
