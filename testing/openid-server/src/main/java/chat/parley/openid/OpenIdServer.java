package chat.parley.openid;

import java.util.List;
import java.util.Objects;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;

/**
 * An OpenID Connect provider on this machine: Spring Authorization Server with the people of {@link Account} and a
 * plain form. It wants PKCE, knows one client, and forgets everything when it is closed.
 */
public final class OpenIdServer implements AutoCloseable {
    /** What it calls the one client that it knows. */
    public static final String CLIENT_ID = "parley";
    /** By which it knows that client. */
    public static final String CLIENT_SECRET = "secret-of-the-client";
    /** Where it sends browsers back to by default: any port of this machine will do. */
    public static final String CALLBACK = "http://127.0.0.1/api/session/sign-in/callback";

    private final AnnotationConfigServletWebServerApplicationContext context;

    private OpenIdServer(AnnotationConfigServletWebServerApplicationContext context) {
        this.context = context;
    }

    /** Starts one on a free port. */
    public static OpenIdServer start() {
        return start(0, List.of(CALLBACK));
    }

    /**
     * Starts one.
     *
     * @param port 0 for a free one
     * @param callbacks where it may send browsers back to; on 127.0.0.1 the port does not matter, elsewhere each counts
     *     as it is
     */
    public static OpenIdServer start(int port, List<String> callbacks) {
        var context = new AnnotationConfigServletWebServerApplicationContext();
        context.registerBean(OpenIdServerSettings.class, () -> new OpenIdServerSettings(port, callbacks));
        context.register(OpenIdServerConfiguration.class);
        context.refresh();
        return new OpenIdServer(context);
    }

    /** What it calls itself when it is asked under this address. */
    public String issuer() {
        return "http://127.0.0.1:"
                + Objects.requireNonNull(context.getWebServer()).getPort();
    }

    @Override
    public void close() {
        context.close();
    }
}
