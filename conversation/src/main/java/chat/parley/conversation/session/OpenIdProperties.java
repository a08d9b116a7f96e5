package chat.parley.conversation.session;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where people sign in; blank is the same as not set.
 *
 * @param issuer an OpenID Connect provider, exactly as it names itself; without one nobody signs in
 *     ({@code OIDC_ISSUER})
 * @param clientId what the provider calls this server ({@code OIDC_CLIENT_ID})
 * @param clientSecret by which the provider knows this server; none for a public client ({@code OIDC_CLIENT_SECRET})
 * @param scopes what is asked for, {@code openid} among it ({@code OIDC_SCOPES})
 * @param pagePath the path of the page in browsers, under which the provider sends people back ({@code PAGE_PATH})
 * @param signInTime how long a person may take to sign in ({@code SIGN_IN_TIME})
 * @param timeout how long the provider may take for one answer ({@code OIDC_TIMEOUT})
 * @param answerSize longest answer that is taken from it
 * @param keep how long what it says of itself, and its keys, are kept at most before they are asked for again
 */
@Validated
@ConfigurationProperties("parley.session.provider")
record OpenIdProperties(
        @DefaultValue("") String issuer,
        @DefaultValue("") String clientId,
        @DefaultValue("") Secret clientSecret,
        @DefaultValue("openid profile") String scopes,
        @DefaultValue("/") String pagePath,
        @DefaultValue("10m") Duration signInTime,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("256KB") DataSize answerSize,
        @DefaultValue("10m") Duration keep) {

    /** Browsers are led there: it names no other host, as two slashes would. */
    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9._~-]+/)*");

    /** A text that must not be seen in a log. */
    record Secret(String value) {
        /** Lets Spring bind it. */
        public static Secret valueOf(String value) {
            return new Secret(value.strip());
        }

        @Override
        public String toString() {
            return value.isEmpty() ? "(none)" : "(secret)";
        }
    }

    OpenIdProperties {
        issuer = issuer.strip();
        clientId = clientId.strip();
        scopes = scopes.isBlank() ? "openid profile" : scopes.strip();
        if (!issuer.isEmpty() && !isSafe(uri(issuer))) {
            throw new IllegalArgumentException("OIDC_ISSUER is " + issuer
                    + ", and should be an address with https, or with http of this very machine, without a query");
        }
        if (!issuer.isEmpty() && clientId.isEmpty()) {
            throw new IllegalArgumentException("OIDC_CLIENT_ID is missing: the provider in OIDC_ISSUER gives you one");
        }
        if (!scopeList(scopes).contains("openid")) {
            throw new IllegalArgumentException("OIDC_SCOPES has no openid, without which no provider says who it is");
        }
        pagePath = pagePath.isBlank() ? "/" : pagePath.strip();
        if (!PATH.matcher(pagePath).matches()) {
            throw new IllegalArgumentException(
                    "PAGE_PATH is " + pagePath + ", and should be a path that begins and ends with a slash, as /chat/");
        }
        if (!signInTime.isPositive() || !timeout.isPositive() || keep.isNegative()) {
            throw new IllegalArgumentException("SIGN_IN_TIME and OIDC_TIMEOUT are longer than nothing");
        }
    }

    /** Whether people can sign in. */
    boolean isSet() {
        return !issuer.isEmpty();
    }

    List<String> scopeList() {
        return scopeList(scopes);
    }

    private static List<String> scopeList(String scopes) {
        return Arrays.asList(scopes.split("[\\s,]+"));
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /**
     * Whether what is sent to an address can be read by nobody on the way: by TLS, or because it stays on this machine.
     */
    static boolean isSafe(@Nullable URI uri) {
        if (uri == null
                || uri.getScheme() == null
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null) {
            return false;
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> true;
            case "http" -> isLoopback(uri.getHost());
            default -> false;
        };
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
