package chat.parley.conversation.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs text, so that only holders of the secret can make it: {@code <claim>.<HMAC-SHA-256 of the claim>}. Each kind of
 * claim begins with a word of its own, so that none passes for another.
 */
final class Seal {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    Seal(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    String close(String claim) {
        return claim + "." + sign(claim);
    }

    /** The claim of a sealed text; empty if it was not made with this secret. */
    Optional<String> open(String sealed) {
        int cut = sealed.lastIndexOf('.');
        if (cut < 0) {
            return Optional.empty();
        }
        String claim = sealed.substring(0, cut);
        byte[] given = sealed.substring(cut + 1).getBytes(StandardCharsets.UTF_8);
        byte[] right = sign(claim).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(right, given) ? Optional.of(claim) : Optional.empty();
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
