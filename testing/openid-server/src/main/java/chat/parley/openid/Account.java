package chat.parley.openid;

import java.util.Map;
import java.util.stream.Stream;

/** The people whom the provider knows. Each one's password is the login and {@code -password}. */
public enum Account {
    /** Has a name. */
    ADA("ada", Map.of("name", "Ada Lovelace", "preferred_username", "ada", "email", "ada@example.com")),
    /** Has a name, too. */
    GRACE("grace", Map.of("name", "Grace Hopper")),
    /** Is called by the first part of an address. */
    LIN("lin", Map.of("email", "lin@example.com"));

    private final String login;

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
    private final Map<String, Object> claims;

    Account(String login, Map<String, Object> claims) {
        this.login = login;
        this.claims = claims;
    }

    public String login() {
        return login;
    }

    public String password() {
        return login + "-password";
    }

    /** What the provider says of the person in an ID token, beside the subject, which is the login. */
    Map<String, Object> claims() {
        return claims;
    }

    static Account of(String login) {
        return Stream.of(values())
                .filter(account -> account.login.equals(login))
                .findFirst()
                .orElseThrow();
    }
}
