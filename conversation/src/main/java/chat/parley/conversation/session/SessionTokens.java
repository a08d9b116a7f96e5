package chat.parley.conversation.session;

import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Writes sessions as text that only holders of the secret can make: {@code 1.<user>.<session>.<expiry in
 * seconds>.<signature>} for a guest, {@code 2.<user>.<session>.<expiry>.<epoch>.<account>.<name, base64>.<signature>}
 * for whoever has signed in.
 */
final class SessionTokens {
    private static final String GUEST = "1";
    private static final String SIGNED_IN = "2";
    private static final int LONGEST_TOKEN = 1024;

    private final Seal seal;

    SessionTokens(String secret) {
        this.seal = new Seal(secret);
    }

    /** Signs other text with the same secret. */
    Seal seal() {
        return seal;
    }

    String write(Session session) {
        String claim = session.userId() + "." + session.id() + "."
                + session.expiresAt().getEpochSecond();
        Person person = session.person();
        if (person == null) {
            return seal.close(GUEST + "." + claim);
        }
        String encoded = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(person.name().getBytes(StandardCharsets.UTF_8));
        return seal.close(SIGNED_IN + "." + claim + "." + session.epoch() + "." + person.account() + "." + encoded);
    }

    /** Reads a token; empty if it was not made with this secret, or has expired. */
    Optional<Session> read(String token, Instant now) {
        if (token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        return seal.open(token)
                .flatMap(claim -> parse(claim.split("\\.", -1)))
                .filter(session -> session.expiresAt().isAfter(now));
    }

    private static Optional<Session> parse(String[] parts) {
        boolean guest = parts.length == 4 && parts[0].equals(GUEST);
        boolean signedIn = parts.length == 7 && parts[0].equals(SIGNED_IN);
        if (!guest && !signedIn) {
            return Optional.empty();
        }
        Id userId = new Id(parts[1]);
        Id id = new Id(parts[2]);
        Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(parts[3]));
        if (guest) {
            return Optional.of(Session.guest(userId, id, expiresAt));
        }
        String name = new String(Base64.getUrlDecoder().decode(parts[6]), StandardCharsets.UTF_8);
        Person person = new Person(new Id(parts[5]), name);
        return Optional.of(new Session(userId, id, expiresAt, Long.parseLong(parts[4]), person));
    }
}
