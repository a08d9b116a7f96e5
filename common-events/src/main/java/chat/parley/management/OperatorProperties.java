package chat.parley.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the management port.
 *
 * @param password of the user {@code operator}, of at least 16 characters; blank lets in whoever reaches the port
 *     ({@code MANAGEMENT_PASSWORD})
 */
@ConfigurationProperties("parley.operator")
public record OperatorProperties(@DefaultValue("") String password) {
    static final String NAME = "operator";
    /** Nothing counts the tries, so that it must be too long to be guessed. */
    private static final int SHORTEST = 16;

    private static final String SCHEME = "Basic ";

    public OperatorProperties {
        password = password.strip();
        if (!password.isEmpty() && password.length() < SHORTEST) {
            throw new IllegalArgumentException("MANAGEMENT_PASSWORD has at least " + SHORTEST
                    + " characters; leave it out to let in everyone who reaches the management port");
        }
    }

    /**
     * Whether a request may pass, by the scheme {@code Basic} of RFC 7617. Takes as long for a wrong password as for
     * the right one.
     *
     * @param authorization the header of that name, if there is one
     */
    boolean admit(@Nullable String authorization) {
        if (password.isEmpty()) {
            return true;
        }
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        try {
            byte[] said = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
            return MessageDigest.isEqual(said, (NAME + ":" + password).getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Has no password in it. */
    @Override
    public String toString() {
        return "OperatorProperties[" + (password.isEmpty() ? "no password" : "with a password") + "]";
    }
}
