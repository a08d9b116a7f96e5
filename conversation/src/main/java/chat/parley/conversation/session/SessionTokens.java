package chat.parley.conversation.session;

import chat.parley.events.Id;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes sessions as text that only holders of the secret can make: {@code 1.<user>.<session>.<expiry in
 * seconds>.<HMAC-SHA-256 of what stands before>}.
 */
final class SessionTokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String VERSION = "1";
    private static final int LONGEST_TOKEN = 256;

    private final SecretKeySpec key;

    SessionTokens(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    String write(Session session) {
        String claim = VERSION + "." + session.userId() + "." + session.id() + "."
                + session.expiresAt().getEpochSecond();
        return claim + "." + sign(claim);
    }

    /** Reads a token; empty if it was not made with this secret, or has expired. */
    Optional<Session> read(String token, Instant now) {
        int cut = token.lastIndexOf('.');
        if (cut < 0 || token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        String claim = token.substring(0, cut);
        byte[] given = token.substring(cut + 1).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(sign(claim).getBytes(StandardCharsets.UTF_8), given)) {
            return Optional.empty();
        }
        String[] parts = claim.split("\\.", -1);
        if (parts.length != 4 || !parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(parts[3]));
        if (!expiresAt.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(new Session(new Id(parts[1]), new Id(parts[2]), expiresAt));
    }

    private String sign(String claim) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(claim.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
